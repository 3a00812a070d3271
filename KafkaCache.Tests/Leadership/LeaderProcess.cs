using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Leadership;

/// <summary>A candidate in a process of its own, to be killed and frozen: <see cref="ChildLeader"/> in this assembly, run again.</summary>
internal sealed class LeaderProcess : IAsyncDisposable
{
    // An election takes 6 seconds, and on a busy machine brokers may be away for longer than a minute.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<(string Text, long At)> _lines = Channel.CreateUnbounded<(string, long)>();
    private readonly ConcurrentQueue<string> _faults = new();

    private LeaderProcess(Process process, string name) => (_process, Name) = (process, name);

    public string Name { get; }

    /// <summary>What the candidate has found wrong itself: its lines that begin with "fault".</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static Task<LeaderProcess> StartAsync(string servers, string topic, string name) => StartAsync(
        typeof(ChildLeader), nameof(ChildLeader.Run), name, (ChildLeader.ServersVariable, servers), (ChildLeader.TopicVariable, topic),
        (ChildLeader.NameVariable, name));

    /// <summary>Runs an explicit test of this assembly as the candidate.</summary>
    public static async Task<LeaderProcess> StartAsync(
        Type test, string method, string name, params (string Name, string Value)[] environment)
    {
        var process = ExplicitTest.Of(test, method, environment);
        var child = new LeaderProcess(process, name);
        process.Start(line =>
        {
            if (line is null)
                child._lines.Writer.TryComplete();
            else if (line.StartsWith("fault ", StringComparison.Ordinal))
                child._faults.Enqueue($"{name}: {line}");
            else
                child._lines.Writer.TryWrite((line.Trim(), Stopwatch.GetTimestamp()));
        });
        await child.WaitForAsync("ready");
        return child;
    }

    /// <summary>Waits for a line of a kind.</summary>
    /// <param name="what">The kind.</param>
    /// <param name="never">A kind that may not come before it.</param>
    /// <param name="after">The time from which <paramref name="never"/> may not come.</param>
    /// <returns>Its number, and when it came.</returns>
    public async Task<(long Number, long At)> WaitForAsync(string what, string? never = null, long after = 0)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Timeout);
        var others = new List<string>();
        try
        {
            await foreach (var (text, at) in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                if (text.StartsWith(what + " ", StringComparison.Ordinal))
                    return (long.Parse(text.AsSpan(what.Length + 1), CultureInfo.InvariantCulture), at);
                others.Add(text);
                if (never is not null && at > after && text.StartsWith(never + " ", StringComparison.Ordinal))
                    break;
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Told below.
        }

        throw new InvalidOperationException($"{Name} said no more '{what}'. Its last lines: {string.Join('\n', others.TakeLast(30))}");
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM.</summary>
    public Task TerminateAsync() => _process.SignalAsync("-TERM");

    /// <summary>SIGSTOP: nothing of it runs, and its connections stay open.</summary>
    public Task FreezeAsync() => _process.SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task WakeAsync() => _process.SignalAsync("-CONT");

    /// <summary>An orderly end.</summary>
    public Task StopAsync() => AskAsync("stop");

    /// <summary>Sends a line.</summary>
    public async Task AskAsync(string what)
    {
        await _process.StandardInput.WriteLineAsync(what);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
