"""Forms: Markdown to survey, survey to form, form to static site."""
