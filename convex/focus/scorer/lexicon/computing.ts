import { terms } from "../entries";

/** Software, data and machines that compute. */
export const COMPUTING = [
  terms(
    { source: "onet", ref: "2.B.3.e Programming", shares: { logic: 8, creativity: 2 }, effort: 0.7 },
    `code, program, software, app development, web development, backend, frontend, full stack, api, algorithm,
    data structure, leetcode, hackerrank, codewars, advent of code, kata, pair programming, open source, pull request, commit, git,
    github, refactor, unit test, integration test, test driven, compiler, interpreter, kernel, regex, script, shell script, javascript,
    typescript, python, java, =rust, golang, kotlin, =swift, c++, c#, haskell, elixir, ruby, php, html, css, react, vue, angular, node,
    django, flask, rails, sql, postgres, database, schema, query, arduino, raspberry pi, firmware, embedded, game engine, unity engine,
    hackathon, side project, website, web app, feature branch, code review, webpage`,
  ),
  terms(
    { source: "onet", ref: "2.B.3.k Troubleshooting", shares: { logic: 1 }, effort: 0.65, role: "act" },
    "debug, troubleshoot, diagnose",
  ),
  terms(
    { source: "onet", ref: "2.B.3.k Troubleshooting", shares: { logic: 1 }, effort: 0.6 },
    "bug, error log, stack trace, incident, outage, root cause, router, printer, computer repair",
  ),
  terms(
    { source: "onet", ref: "2.B.3.d Installation", shares: { logic: 9, energy: 1 }, effort: 0.5 },
    `server, devops, ci pipeline, continuous integration, docker, kubernetes, linux, terraform, cloud, aws, =network, computer network, vpn, wifi, home lab,
    homelab, nas, backup, system administration, sysadmin, configure, config, install, upgrade, migration, cybersecurity, security audit,
    penetration test, capture the flag, encryption, home automation, smart home, pc build, deploy, deployment, release`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.a.4 Analyzing Data or Information",
      shares: { logic: 9, creativity: 1 },
      effort: 0.65,
    },
    `data, data analysis, data science, data cleaning, machine learning, deep learning, neural network, artificial intelligence,
    ai model, dashboard, spreadsheet, excel, pivot table, pandas, numpy, tableau, power bi, regression, kaggle, jupyter,
    simulation, survey results, metrics, kpi, benchmark, transformer model`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.a.4 Analyzing Data or Information",
      shares: { logic: 1 },
      effort: 0.6,
      role: "act",
    },
    "analyze, analysis, evaluate, compare, calculate, measure, inspect, verify, optimize",
  ),
  terms(
    {
      source: "atus",
      ref: "120308 Computer use for leisure",
      shares: { logic: 5, energy: 3, social: 2 },
      effort: 0.1,
      role: "common",
    },
    "computer, internet, browse, laptop, online",
  ),
];
