using KafkaCaching.Diagnostics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Disposes of Kafka clients, each on its own thread, because librdkafka may take seconds to close a client, or may never return.
/// A client that has not ended within a few seconds is left behind.</summary>
internal sealed class ClientEnds(string cache, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<End> _running = [];
    private ILogger? _logger;
    private long _leftBehind;

    /// <summary>The number of clients that did not end in time.</summary>
    public long LeftBehind => Volatile.Read(ref _leftBehind);

    /// <summary>Sets the logger that reports clients left behind.</summary>
    public void LogTo(ILogger logger) => Volatile.Write(ref _logger, logger);

    /// <summary>Starts to dispose of a client, and returns at once.</summary>
    public void Begin(IDisposable client)
    {
        var end = new End(this, client);
        lock (_gate)
            _running.Add(end);
        end.Run();
    }

    /// <summary>Blocks until every client passed to <see cref="Begin"/> has ended or been left behind, or until the time is up. It needs no
    /// thread from the pool.</summary>
    public void Wait(TimeSpan limit)
    {
        End[] running;
        lock (_gate)
            running = [.. _running];
        var most = limit < Patience ? limit : Patience;
        var started = time.GetTimestamp();
        foreach (var end in running)
        {
            var isOver = end.IsOverWithin(most - time.GetElapsedTime(started));
            if (!isOver && most == Patience)
                end.GiveUp();
        }
    }

    private TimeProvider Time => time;

    private ITimer CreateTimer(TimerCallback onTime, End end) =>
        Detached.Start(() => time.CreateTimer(onTime, end, Patience, Timeout.InfiniteTimeSpan));

    private void Remove(End end)
    {
        lock (_gate)
            _running.Remove(end);
    }

    private void LeaveBehind()
    {
        Interlocked.Increment(ref _leftBehind);
        if (Volatile.Read(ref _logger) is { } logger)
            Log.ClientLeftBehind(logger, cache, Patience.TotalSeconds);
    }

    /// <summary>The disposal of one client. It is over when the client has ended or has been left behind, whichever comes first.</summary>
    private sealed class End(ClientEnds owner, IDisposable client)
    {
        private readonly Completion<bool> _over = new();
        private ITimer? _patience;

        public void Run()
        {
            _patience = owner.CreateTimer(static end => ((End)end!).Settle(isOver: false), this);
            new Thread(DisposeOfClient) { IsBackground = true, Name = "KafkaCache end" }.UnsafeStart();
        }

        public bool IsOverWithin(TimeSpan limit) => _over.Wait(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, owner.Time);

        public void GiveUp() => Settle(isOver: false);

        private void DisposeOfClient()
        {
            try
            {
                client.Dispose();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Nothing more can be done to clean up the client. An exception that escapes here would end the process.
            }

            Settle(isOver: true);
        }

        private void Settle(bool isOver)
        {
            if (!_over.TrySet(isOver))
                return;
            _patience?.Dispose();
            owner.Remove(this);
            if (!isOver)
                owner.LeaveBehind();
        }
    }
}
