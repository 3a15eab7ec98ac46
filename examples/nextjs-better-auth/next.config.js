/** @type {import("next").NextConfig} */
export default {
  // There is a project around this folder; without this Next.js guesses which of the two it is to build.
  turbopack: { root: import.meta.dirname },
};
