using System.Diagnostics;

namespace KafkaCaching.Tests.Processes;

/// <summary>An explicit test of this assembly, run in a process of its own.</summary>
internal static class ExplicitTest
{
    /// <summary>The process, not started yet.</summary>
    public static Process Of(Type test, string method, params (string Name, string Value)[] environment)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [test.Assembly.Location, "-noLogo", "-noColor", "-explicit", "only", "-method", $"{test.FullName}.{method}"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            },
        };
        foreach (var (name, value) in environment)
            process.StartInfo.Environment[name] = value;
        return process;
    }

    /// <summary>Starts the process.</summary>
    /// <param name="process">The process.</param>
    /// <param name="said">Told of each line that it says, and at the end of <see langword="null"/>.</param>
    public static void Start(this Process process, Action<string?> said)
    {
        process.OutputDataReceived += (_, line) => said(line.Data);
        process.Start();
        process.BeginOutputReadLine();
    }
}
