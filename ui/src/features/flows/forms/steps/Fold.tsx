/** What is seldom needed, behind its name. Open from the start if something in it is set. */
import { useState, type ReactNode } from "react";
import own from "./Steps.module.css";

interface FoldProps {
  label: string;
  isOpen: boolean;
  children: ReactNode;
}

export function Fold({ label, isOpen, children }: FoldProps) {
  const [wasOpen] = useState(isOpen);
  return (
    <details className={own.fold} open={wasOpen}>
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}
