using System.Diagnostics;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests;

/// <summary>Runs promtool, which checks scrapes, rules and configurations. On Debian, it is in the package prometheus.</summary>
internal static class Promtool
{
    public static bool IsInstalled { get; } = Programs.IsOnPath("promtool");

    /// <summary>Checks a scrape.</summary>
    public static Task<(int ExitCode, string Output)> CheckAsync(string metrics) => RunAsync(metrics, ["check", "metrics"]);

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(input: "", arguments);

    private static async Task<(int ExitCode, string Output)> RunAsync(string input, string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        var output = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await promtool.ExitCodeAsync(TimeSpan.FromMinutes(1)), await output + await error);
    }
}
