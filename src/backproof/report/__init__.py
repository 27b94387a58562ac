"""Reports: a document model computed from derivations, figures, and PDF. What is printed is what was checked."""
