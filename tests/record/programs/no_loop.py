"""A program without any loop, that reads its input."""
# input: one line
# trace: "e":"end"
import sys

print(sys.stdin.read(), sys.argv, __name__, __file__.rsplit("/", 1)[1])
print(sys.modules["__main__"].sys is sys, sys.flags.dev_mode,
      sorted(name for name in globals() if name.startswith("__")))
print(sys.path[0] == __file__.rsplit("/", 1)[0])
if hasattr(sys, "orig_argv"):
    print(sys.orig_argv[1:])
