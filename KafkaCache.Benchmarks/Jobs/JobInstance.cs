using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>A process that runs the job whenever its scheduler starts it, and prints the events of the run: <c>step RUN NUMBER</c> once the
/// step is saved in the store, <c>refused RUN NUMBER</c> if the store refuses it, and <c>end RUN NUMBER</c>.</summary>
internal sealed class JobInstance : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<JobEvent> _events = Channel.CreateUnbounded<JobEvent>();

    private JobInstance(Process process) => _process = process;

    public static async Task<JobInstance> StartAsync(params string[] arguments)
    {
        var child = new ChildProcess(arguments);
        var instance = new JobInstance(child.Process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        child.Process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException($"An instance ended as it started: {string.Join(' ', arguments)}"));
            else if (line.Data == "ready")
                ready.TrySetResult();
            else if (line.Data.Split(' ') is [var kind, var run, var number])
                instance._events.Writer.TryWrite(
                    new JobEvent(kind, run, int.Parse(number, CultureInfo.InvariantCulture), Stopwatch.GetTimestamp()));
        };
        child.Process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience);
        return instance;
    }

    public async Task<JobEvent> NextAsync(string kind)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var one in _events.Reader.ReadAllAsync(deadline.Token))
            {
                if (one.Kind == kind)
                    return one;
            }
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"An instance told of no '{kind}' for {Patience.TotalMinutes} minutes.", late);
        }

        throw new InvalidOperationException("An instance has ended.");
    }

    /// <summary>Takes the events that have been reported since the last call.</summary>
    public IReadOnlyList<JobEvent> Told()
    {
        var told = new List<JobEvent>();
        while (_events.Reader.TryRead(out var one))
            told.Add(one);
        return told;
    }

    public void Kill() => _process.Kill();

    /// <summary>Sends SIGSTOP.</summary>
    public void Freeze() => Signal("-STOP");

    /// <summary>Sends SIGCONT.</summary>
    public void Wake() => Signal("-CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}

/// <summary>An event that an instance has reported, and when it arrived.</summary>
internal sealed record JobEvent(string Kind, string Run, int Number, long At);
