"""Running a scheme: cycles, subjects, entries, results, workflow, appraisal. The engine beside it is pure."""
