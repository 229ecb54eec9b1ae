#!/usr/bin/python3
"""check_schema.py - hold scenarios/scenario.schema.json against the truth.

Every shipped scenario must be valid.  Beside each invalid sample
tests/invalid/x.json stands x.schema with one word on what the schema must
say of it: "rejects" (the mistake is one of structure), "accepts" (it is one
of meaning, which a schema cannot see) or "skipped" (it is not even JSON).
Adding a sample means adding files.  Needs Debian's python3-jsonschema.
"""

import glob
import json
import os
import sys

from jsonschema import Draft202012Validator

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCHEMA = os.path.join(ROOT, "scenarios", "scenario.schema.json")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def first_mistake(validator, path):
    """The schema's complaint about a file, or None."""
    error = next(validator.iter_errors(load(path)), None)
    if error is None:
        return None
    where = "/".join(str(step) for step in error.absolute_path)
    return "%s: %s" % (where or "(top)", error.message[:200])


def check_scenario(validator, path):
    mistake = first_mistake(validator, path)
    return mistake and "should be valid: " + mistake


def check_sample(validator, path):
    expectation = path[: -len(".json")] + ".schema"
    if not os.path.exists(expectation):
        return "has no .schema file"
    with open(expectation, encoding="utf-8") as file:
        expected = file.read().strip()
    if expected == "skipped":
        return None
    if expected not in ("rejects", "accepts"):
        return "unknown expectation %r" % expected
    mistake = first_mistake(validator, path)
    verdict = "rejects" if mistake else "accepts"
    if verdict == expected:
        return None
    return "the schema %s it, but the expectation is %r%s" % (
        verdict, expected, ": " + mistake if mistake else "")


def main():
    schema = load(SCHEMA)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    passed = failed = 0
    for check, pattern in (
        (check_scenario, "scenarios/*.json"),
        (check_sample, "tests/invalid/*.json"),
    ):
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            if path.endswith(".schema.json"):
                continue
            complaint = check(validator, path)
            if complaint:
                print("%s: %s" % (os.path.relpath(path, ROOT), complaint))
                failed += 1
            else:
                passed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
