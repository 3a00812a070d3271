using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace KafkaCaching.Tests.Processes;

/// <summary>A cache in a separate process, which can be killed. The process runs <see cref="ChildCache"/> of this assembly.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(
        string bootstrapServers, string topic, string spillDirectory, long memoryBudget, bool tellsRecords = true) =>
        Start(
            typeof(ChildCache), nameof(ChildCache.Run), (ChildCache.ServersVariable, bootstrapServers), (ChildCache.TopicVariable, topic),
            (ChildCache.DirectoryVariable, spillDirectory),
            (ChildCache.BudgetVariable, memoryBudget.ToString(CultureInfo.InvariantCulture)),
            (ChildCache.TellsVariable, tellsRecords ? "records" : ""));

    /// <summary>Runs an explicit test of this assembly in a separate process.</summary>
    public static ChildProcess Start(Type test, string method, params (string Name, string Value)[] environment)
    {
        var process = ExplicitTest.Of(test, method, environment);
        var child = new ChildProcess(process);
        process.Start(line =>
        {
            if (line is not null)
                child._lines.Writer.TryWrite(line);
            else
                child._lines.Writer.TryComplete();
        });
        return child;
    }

    /// <summary>Reads all lines up to one of the given kind.</summary>
    public async Task<IReadOnlyList<string>> LinesUntilAsync(string what)
    {
        var lines = new List<string>();
        await WaitForLineAsync(what, lines);
        return lines;
    }

    /// <summary>Waits for a line of the given kind with a number that is at least the given one.</summary>
    public async Task<long> WaitForAsync(string what, long atLeast = 0)
    {
        while (true)
        {
            var line = await WaitForLineAsync(what);
            var number = long.Parse(line, CultureInfo.InvariantCulture);
            if (number >= atLeast)
                return number;
        }
    }

    public Task AskForHashAsync() => AskAsync("hash");

    public async Task<string> HashAsync()
    {
        await AskForHashAsync();
        return await WaitForLineAsync("hash");
    }

    /// <summary>Returns 1 if the cache started from a snapshot.</summary>
    public async Task<long> WarmAsync()
    {
        await AskAsync("warm");
        return await WaitForAsync("warm");
    }

    /// <summary>Returns the number of snapshots written so far, and requests another one.</summary>
    public async Task<long> SnapshotsAsync()
    {
        await AskAsync("snapshots");
        return await WaitForAsync("snapshots");
    }

    /// <summary>Returns the positions of its entries, as <c>partition:offset</c>.</summary>
    public async Task<string[]> EntriesAsync()
    {
        await AskAsync("entries");
        return (await WaitForLineAsync("entries")).Split(' ');
    }

    /// <summary>Returns its status and its log.</summary>
    public async Task<string> AccountAsync()
    {
        await AskAsync("account");
        return await WaitForLineAsync("account");
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> WaitForLineAsync(string what, List<string>? others = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Timeout);
        others ??= [];
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                if (line.StartsWith(what + " ", StringComparison.Ordinal))
                    return line[(what.Length + 1)..];
                others.Add(line);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // The exception below reports the timeout.
        }

        throw new InvalidOperationException($"The child said no more '{what}'. Its last lines: {string.Join('\n', others.TakeLast(30))}");
    }
}
