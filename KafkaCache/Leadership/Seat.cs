using KafkaCaching.Diagnostics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Leadership;

/// <summary>Holds the current term of one instance, and the callers that wait for the next one. The campaign's thread begins and ends the
/// terms. Any thread may read them.</summary>
internal sealed class Seat(string name, TimeSpan session, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<LeadershipTerm> _next = NewWait();
    private Held? _held;
    private Moment _lastBeat = new(time);
    private long _begun;
    private long _lost;
    private bool _disposed;

    public long TermsBegun => Interlocked.Read(ref _begun);

    public long TermsLost => Interlocked.Read(ref _lost);

    public LeadershipTerm? Term => Volatile.Read(ref _held) is { Term.IsHeld: true } held ? held.Term : null;

    // If the process was paused for a whole session, another instance may have been elected. Even the first caller after the pause must see
    // this, although the campaign's thread may not have run yet.
    private bool IsAlive => Volatile.Read(ref _lastBeat).Elapsed < session;

    /// <summary>Records that the campaign's thread is running. If it has not run for a whole session, the term is over.</summary>
    /// <returns>Whether the thread's previous call was less than a session ago. If not, the brokers may have elected another
    /// leader.</returns>
    public bool Beat()
    {
        var wasAlive = IsAlive;

        // A term that a pause has ended must not become valid again through this call.
        if (!wasAlive)
            Leave("the process was paused for longer than a session", isGivenUp: false);
        Volatile.Write(ref _lastBeat, new Moment(time));
        return wasAlive;
    }

    public void Take()
    {
        TaskCompletionSource<LeadershipTerm> waiting;
        Held held;
        lock (_gate)
        {
            if (_disposed || _held is not null)
                return;
            var lost = new CancellationTokenSource();
            held = new Held(new LeadershipTerm(name, time.GetUtcNow(), () => IsHeld(lost), lost.Token), lost);
            _held = held;
            (waiting, _next) = (_next, NewWait());
            _begun++;
        }

        Log.LeadershipTaken(logger, name);
        waiting.TrySetResult(held.Term);
    }

    /// <param name="why">Why the term ended, for the log line.</param>
    /// <param name="isGivenUp">Whether the instance gave up the term itself.</param>
    public void Leave(string why, bool isGivenUp)
    {
        Held? held;
        lock (_gate)
        {
            (held, _held) = (_held, null);
            if (held is not null && !isGivenUp)
                _lost++;
        }

        if (held is null)
            return;
        if (isGivenUp)
            Log.LeadershipGivenUp(logger, name, why);
        else
            Log.LeadershipLost(logger, name, why);

        // The token is cancelled on another thread, so that the user's callbacks can neither delay the campaign nor end its thread.
        _ = Task.Run(held.Lost.Cancel);
    }

    public Task<LeadershipTerm> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KafkaLeadership));
            if (_held is { Term.IsHeld: true } held)
                return Task.FromResult(held.Term);
            return _next.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        TaskCompletionSource<LeadershipTerm> waiting;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            waiting = _next;
        }

        Leave("it has been disposed of", isGivenUp: true);
        waiting.TrySetException(new ObjectDisposedException(nameof(KafkaLeadership)));
        _ = waiting.Task.Exception;
    }

    // A term that has been left is over at once, even though its token is cancelled later, on another thread.
    private bool IsHeld(CancellationTokenSource term) => Volatile.Read(ref _held)?.Lost == term && IsAlive;

    private static TaskCompletionSource<LeadershipTerm> NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Held(LeadershipTerm Term, CancellationTokenSource Lost);
}
