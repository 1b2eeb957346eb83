/** How terms are combined in the search box. */
export function CombineHint({ dropped }: { readonly dropped: string }) {
  return (
    <>
      Combine with blanks around the sign: <kbd>cat - grass + snow</kbd>, or <kbd>0.5*snow</kbd>.
      Drop or paste {dropped} here, alone or with words.
    </>
  );
}
