using System.Diagnostics;

namespace KafkaCaching.Tests;

/// <summary>Prometheus's own check of a scrape; Debian's package prometheus has it.</summary>
internal static class Promtool
{
    public static bool IsInstalled { get; } = Programs.IsOnPath("promtool");

    public static async Task<(int ExitCode, string Output)> CheckAsync(string metrics)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var output = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (promtool.ExitCode, await output + await error);
    }
}
