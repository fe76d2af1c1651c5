"""A scratch copy of the repository, in which faults are built and tested."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

BUILT = {
    "Runtime": ("src/Runtime/Backprop.csproj", ["-f", "net10.0"], "src/Runtime/bin/Release/net10.0/Backprop.dll"),
    "Generator": ("src/Generator/Backprop.Generator.csproj", [], "src/Generator/bin/Release/netstandard2.0/Backprop.Generator.dll"),
    "CodeFixes": ("src/CodeFixes/Backprop.CodeFixes.csproj", [], "src/CodeFixes/bin/Release/netstandard2.0/Backprop.CodeFixes.dll"),
}
TESTS = ["Runtime.Tests", "Generator.Tests", "CodeFixes.Tests"]

# The recorded text of emitted files changes with every fault in an emitter; that it does proves nothing.
NOT_BASELINES = "FullyQualifiedName!~BaselineTests"

# A fault may break the rules of style; a draw of networks that differs from run to run would make results differ.
LENIENT = ["-m:1", "-c", "Release", "--no-restore", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzersDuringBuild=false", "-v", "q", "-nologo"]
ENVIRONMENT = {
    **os.environ, "DOTNET_NOLOGO": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "MSBUILDDISABLENODEREUSE": "1", "MSBUILDTERMINALLOGGER": "off",
    "CI": "", "BACKPROP_NETWORKS": "15", "BACKPROP_SEED": "20261122",
}


# Seconds. No test takes nearly as long; a machine that does much else may.
LIMIT = 900


class BuildFailed(Exception):
    pass


class Workspace:
    """Copies what git knows of, and what is new and not ignored, and builds it."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="backprop-teeth-"))
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True).stdout
        for name in files.decode().rstrip("\0").split("\0"):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)
        for test in TESTS:
            self._dotnet(["restore", f"tests/{test}/{test}.csproj", "-v", "q"], 600)
        for test in TESTS:
            self.build_tests(test)
        self.sound = {part: (self.root / dll).read_bytes() for part, (_, _, dll) in BUILT.items()}
        self.sound_tests = {test: self._tests(test).read_bytes() for test in TESTS}

    def build_tests(self, test):
        self._dotnet(["build", f"tests/{test}/{test}.csproj", *LENIENT], 600)

    def build(self, part):
        """Builds one assembly, and puts it beside the tests."""
        project, options, dll = BUILT[part]
        self._dotnet(["build", project, *options, "--no-dependencies", *LENIENT], 300)
        self._place(part, (self.root / dll).read_bytes())

    def restore(self, parts):
        for part in parts:
            self._place(part, self.sound[part])
        for test in TESTS:
            self._tests(test).write_bytes(self.sound_tests[test])

    def _tests(self, test):
        return self.root / "tests" / test / "bin/Release/net10.0" / f"{test}.dll"

    def _place(self, part, assembly):
        name = pathlib.Path(BUILT[part][2]).name
        for test in TESTS:
            beside = self.root / "tests" / test / "bin/Release/net10.0" / name
            if beside.exists():
                beside.write_bytes(assembly)

    def test(self, project, names, under={}):
        """Runs tests under these variables until the first fails: the exit code, or None where there was no end, and the output."""
        chosen = f"({'|'.join(f'FullyQualifiedName~{name}' for name in names)})&{NOT_BASELINES}" if names else NOT_BASELINES
        dll = f"tests/{project}/bin/Release/net10.0/{project}.dll"
        return self._run(["dotnet", "test", dll, "--filter", chosen, "--", "xUnit.StopOnFail=true"], LIMIT, under)

    def _dotnet(self, arguments, seconds):
        code, output = self._run(["dotnet", *arguments], seconds)
        if code != 0:
            raise BuildFailed("\n".join([line for line in output.splitlines() if "error" in line][:5]) or output)

    def _run(self, command, seconds, under={}):
        process = subprocess.Popen(
            command, cwd=self.root, env=ENVIRONMENT | under, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            output, _ = process.communicate(timeout=seconds)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, process.communicate()[0]

    def delete(self):
        shutil.rmtree(self.root, ignore_errors=True)
