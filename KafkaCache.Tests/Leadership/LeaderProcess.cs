using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Leadership;

/// <summary>A candidate in a separate process, which can be killed and frozen. The process runs <see cref="ChildLeader"/> of this
/// assembly.</summary>
internal sealed class LeaderProcess : IAsyncDisposable
{
    // An election takes 6 seconds, and on a busy machine, brokers may not respond for more than a minute.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<(string Text, long At)> _lines = Channel.CreateUnbounded<(string, long)>();
    private readonly ConcurrentQueue<string> _faults = new();

    private LeaderProcess(Process process, string name) => (_process, Name) = (process, name);

    public string Name { get; }

    /// <summary>The violations that the candidate has detected itself: its lines that begin with "fault".</summary>
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

    /// <summary>Waits for a line of the given kind.</summary>
    /// <param name="what">The kind.</param>
    /// <param name="never">A kind of line that must not come before it.</param>
    /// <param name="after">The time from which <paramref name="never"/> must not come.</param>
    /// <returns>The number in the line, and the time at which it was read.</returns>
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
            // The exception below reports the timeout.
        }

        throw new InvalidOperationException($"{Name} said no more '{what}'. Its last lines: {string.Join('\n', others.TakeLast(30))}");
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends SIGTERM.</summary>
    public Task TerminateAsync() => _process.SignalAsync("-TERM");

    /// <summary>Suspends the process with SIGSTOP. Its connections stay open.</summary>
    public Task FreezeAsync() => _process.SignalAsync("-STOP");

    /// <summary>Resumes the process with SIGCONT.</summary>
    public Task WakeAsync() => _process.SignalAsync("-CONT");

    /// <summary>Requests a graceful shutdown.</summary>
    public Task StopAsync() => AskAsync("stop");

    /// <summary>Writes a line to the process's standard input.</summary>
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
