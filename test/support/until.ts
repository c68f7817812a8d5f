/** Resolves when the condition holds; looks again every 10 ms. @throws Error after 60 s. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
