using System.Diagnostics;

namespace KafkaCaching.Tests.Processes;

/// <summary>Runs an explicit test of this assembly in a separate process.</summary>
internal static class ExplicitTest
{
    /// <summary>Creates the process without starting it.</summary>
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
    /// <param name="said">Called with each line of the output, and with <see langword="null"/> at its end.</param>
    public static void Start(this Process process, Action<string?> said)
    {
        process.OutputDataReceived += (_, line) => said(line.Data);
        process.Start();
        process.BeginOutputReadLine();
    }
}
