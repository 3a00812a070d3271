using System.Diagnostics;
using KafkaCaching.Demo;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Demo;

/// <summary>The demo as a process of its own, as a user starts it.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private const string Serving = "Serving on ";

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];

    private DemoProcess(Process process) => _process = process;

    public string Error => Text(_error);

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    public static DemoProcess Start(params string[] args) => StartProgram("dotnet", [typeof(DemoRun).Assembly.Location, .. args]);

    /// <summary>As a script's <c>&amp;</c> starts it: with SIGINT ignored.</summary>
    public static DemoProcess StartInBackground(params string[] args) =>
        StartProgram("sh", ["-c", "trap '' INT; exec dotnet \"$@\"", "sh", typeof(DemoRun).Assembly.Location, .. args]);

    public Task WaitForLineAsync(string start, int count = 1) =>
        Eventually.TrueAsync(() => _process.HasExited || Output.Count(line => line.StartsWith(start, StringComparison.Ordinal)) >= count, what: $"{count} lines that start with: {start}");

    /// <summary>Where it serves, once its caches are ready.</summary>
    public async Task<Uri> AddressAsync()
    {
        await WaitForLineAsync(Serving);
        var line = Output.FirstOrDefault(static line => line.StartsWith(Serving, StringComparison.Ordinal));
        Assert.True(line is not null, $"The demo ended before it served: {Error}");
        return new Uri(line[Serving.Length..].Split(' ')[0]);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitCodeAsync(TimeSpan timeout)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(timeout, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static DemoProcess StartProgram(string program, string[] args)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, args)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.StartInfo.Environment.Remove("KAFKA_BOOTSTRAP_SERVERS");
        var demo = new DemoProcess(process);
        process.OutputDataReceived += (_, line) => Add(demo._output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(demo._error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return demo;
    }

    private static void Add(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Add(line);
    }

    private static string Text(List<string> lines)
    {
        lock (lines)
            return string.Join('\n', lines);
    }
}
