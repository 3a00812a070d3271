using System.Diagnostics;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Packaging;

/// <summary>Runs the <c>dotnet</c> command.</summary>
internal static class DotnetCli
{
    // The limit is high, because a restore uses the network and the machine may be slow.
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command and waits for its end.</summary>
    /// <returns>The output of the command.</returns>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var exitCode = await process.ExitCodeAsync(Timeout);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {exitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // Build servers that outlive the command would keep the test's folders and output streams open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return Process.Start(start)!;
    }
}
