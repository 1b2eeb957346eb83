import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { ServicesContext, useLoaded, type Services } from "../../src/app/services";
import { ProjectContext } from "../../src/ui/components/projectContext";

export interface PanelOptions {
  readonly services: Services;
  /** Provides this project, kept up to date, as the frame of its screens does. */
  readonly projectId?: string;
  readonly canEdit?: boolean;
  readonly path?: string;
}

/** Renders a screen over real services; `path()` is where its links led. */
export function renderPanel(
  panel: ReactNode,
  { services, projectId, canEdit = true, path = "/" }: PanelOptions,
): RenderResult & { path: () => string } {
  const location = memoryLocation({ path, record: true });
  const result = render(
    <ServicesContext value={services}>
      <Router hook={location.hook}>
        {projectId ? (
          <InProject projectId={projectId} canEdit={canEdit} services={services}>
            {panel}
          </InProject>
        ) : (
          panel
        )}
      </Router>
    </ServicesContext>,
  );
  return { ...result, path: () => location.history.at(-1) ?? path };
}

interface InProjectProps {
  readonly projectId: string;
  readonly canEdit: boolean;
  readonly services: Services;
  readonly children: ReactNode;
}

function InProject({ projectId, canEdit, services, children }: InProjectProps) {
  const { value: project } = useLoaded(projectId, () => services.stores.projects.get(projectId), [
    `project/${projectId}`,
  ]);
  if (!project) return null;
  return <ProjectContext value={{ project, canEdit, takeOver() {} }}>{children}</ProjectContext>;
}
