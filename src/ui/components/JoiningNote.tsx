import { Link } from "wouter";
import { useJoiningHub } from "./joiningHub";
import { useProject } from "./projectContext";

/** The way back to the hub this project's items were brought for; nothing where there is none. */
export function JoiningNote() {
  const { project } = useProject();
  const hub = useJoiningHub(project.id);
  if (!hub) return null;
  return (
    <p>
      These are to join the hub “{hub.name}”.{" "}
      <Link href={`/p/${project.id}/hub/add/${hub.id}/${project.id}`}>
        {project.data ? "Add them to the hub" : "Back to the hub"}
      </Link>
    </p>
  );
}
