using System.Diagnostics;
using System.Runtime.InteropServices;
using KafkaCaching.Tests.House;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Docs;

/// <summary>Compiles the C# of the documentation with the SDK's compiler, against the assemblies of this build.</summary>
public class SnippetTests
{
    [Fact]
    public async Task Every_snippet_in_the_documentation_compiles()
    {
        var snippets = Documents()
            .SelectMany(file => Snippet.In(Repository.Root, file))
            .Where(static snippet => !snippet.IsProgram)
            .ToArray();
        Assert.NotEmpty(snippets);

        var folder = Directory.CreateTempSubdirectory("kafkacache-snippets-").FullName;
        try
        {
            for (var i = 0; i < snippets.Length; i++)
                await File.WriteAllTextAsync(
                    Path.Combine(folder, $"Snippet{i}.cs"), snippets[i].AsSource(i), TestContext.Current.CancellationToken);
            var (exitCode, output) = await CompileAsync(folder);
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Every_program_in_the_documentation_compiles_unchanged()
    {
        var programs = Documents()
            .SelectMany(file => Snippet.In(Repository.Root, file))
            .Where(static snippet => snippet.IsProgram)
            .ToArray();
        Assert.NotEmpty(programs);
        foreach (var program in programs)
        {
            var folder = Directory.CreateTempSubdirectory("kafkacache-program-").FullName;
            try
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder, "Program.cs"), program.AsProgram(), TestContext.Current.CancellationToken);
                var (exitCode, output) = await CompileAsync(folder, target: "exe");
                Assert.True(exitCode == 0, output);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Prepend("README.md");

    private static async Task<(int ExitCode, string Output)> CompileAsync(string folder, string target = "library")
    {
        var arguments = Path.Combine(folder, "arguments.rsp");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) != "KafkaCache.Demo.dll") // It has a class Program too.
            .Select(path => $"-r:\"{path}\"");
        await File.WriteAllLinesAsync(
            arguments, [
                "-nologo", "-nostdlib", $"-target:{target}", "-langversion:latest", "-nowarn:CS1701,CS1702", "-warnaserror",
                $"-out:\"{Path.Combine(folder, "Snippets.dll")}\"", .. references, $"\"{Path.Combine(folder, "*.cs")}\"",
            ],
            TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(Host, [Compiler(), $"@{arguments}"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var compiler = Process.Start(start)!;
        var output = compiler.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await compiler.ExitCodeAsync(TimeSpan.FromMinutes(5)), await output);
    }

    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Host => Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private static string Compiler() => Directory
        .EnumerateDirectories(Path.Combine(DotnetRoot, "sdk"), "10.*")
        .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
        .Last(File.Exists);
}
