using System.Buffers;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The claims of a cache as they were at one moment. The replay thread saves a few of them between batches, and any other claim
/// just before changing it. The thread that writes a snapshot removes the saved claims from here.</summary>
internal sealed class ClaimsCapture : ICaptureSink<Head>, ICaptureSink<SortedSet<Claim>>, IDisposable
{
    public const int DefaultMaxBytes = 8 << 20;

    // Saving this many takes a few dozen microseconds.
    private const int SlotsAtOnce = 64;
    private const int BytesAtOnce = 16 << 10;

    // A step between two batches must be short enough not to delay callers that wait for a record noticeably.
    private static readonly TimeSpan MaxStep = TimeSpan.FromMicroseconds(250);

    private readonly CapturableTable<Head> _heads;
    private readonly CapturableTable<SortedSet<Claim>> _lost;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly EntryQueue _saved;
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ManualResetEventSlim _stepped = new();
    private long _bytes;
    private int _end;
    private volatile bool _isComplete;

    public ClaimsCapture(
        CapturableTable<Head> heads, CapturableTable<SortedSet<Claim>> lost, Action wake, TimeProvider time, int maxBytes)
    {
        (_heads, _lost, _wake, _time) = (heads, lost, wake, time);
        _saved = new EntryQueue(maxBytes);
        heads.BeginCapture(this);
        lost.BeginCapture(this);
    }

    /// <summary>The reason why the capture is unusable; <see cref="CaptureEnd.None"/> if it is usable. Safe to read from any
    /// thread.</summary>
    public CaptureEnd End => (CaptureEnd)Volatile.Read(ref _end);

    /// <summary>Whether all claims are saved. Safe to read from any thread.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Saves some claims. Called on the replay thread only.</summary>
    /// <returns>Whether further steps are needed.</returns>
    public bool Step()
    {
        var begun = _time.GetTimestamp();
        while (End == CaptureEnd.None && !_isComplete && _time.GetElapsedTime(begun) < MaxStep && TrySaveSome())
            _isComplete = _heads.IsCaptured && _lost.IsCaptured;
        var isOver = End != CaptureEnd.None || _isComplete;
        if (isOver)
            EndTables();
        _stepped.Set();
        return !isOver;
    }

    /// <summary>Ends the capture. Only the reason of the first call is kept. Safe to call from any thread.</summary>
    public void Abort(CaptureEnd end)
    {
        Interlocked.CompareExchange(ref _end, (int)end, (int)CaptureEnd.None);
        _stepped.Set();
    }

    /// <summary>Returns the oldest packed claim that has not been taken yet. The bytes remain valid until <see cref="Take"/>. Called on the
    /// writing thread only.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> packed) => _saved.TryPeek(out packed);

    /// <summary>Removes the claim that was peeked at, which makes room for others. Called on the writing thread only.</summary>
    public void Take(ReadOnlySpan<byte> packed) => _saved.Take(packed);

    /// <summary>Makes the replay thread perform a step, and waits for it. Called on the writing thread only.</summary>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public void AwaitStep(CancellationToken stopping)
    {
        _stepped.Reset();
        if (!_saved.IsEmpty || _isComplete || End != CaptureEnd.None)
            return;
        _wake();
        _stepped.Wait(stopping);
    }

    /// <summary>Ends the capture, because no more claims will be taken. Called on the writing thread only.</summary>
    public void Dispose() => Abort(CaptureEnd.StoreEnded);

    bool ICaptureSink<Head>.TrySave(byte[] key, Head state)
    {
        var isLatest = true;
        for (var head = state; head is not null; head = head.Older, isLatest = false)
        {
            _content.ResetWrittenCount();
            PackedClaim.WriteHead(_content, head, isLatest);
            if (!TryAdd(key, head.Metadata))
                return Withdraw();
        }

        _saved.Publish();
        return true;
    }

    bool ICaptureSink<SortedSet<Claim>>.TrySave(byte[] key, SortedSet<Claim> state)
    {
        foreach (var claim in state)
        {
            _content.ResetWrittenCount();
            PackedClaim.WriteLost(_content, claim.Value);
            if (!TryAdd(key, claim.Metadata))
                return Withdraw();
        }

        _saved.Publish();
        return true;
    }

    void ICaptureSink<Head>.SaveFirst(byte[] key, Head state) => RequireSaved(((ICaptureSink<Head>)this).TrySave(key, state));

    void ICaptureSink<SortedSet<Claim>>.SaveFirst(byte[] key, SortedSet<Claim> state) =>
        RequireSaved(((ICaptureSink<SortedSet<Claim>>)this).TrySave(key, state));

    // Saves slots until it is time to check the clock again. One slot may exceed the limit on bytes, because a state is saved as a whole.
    private bool TrySaveSome()
    {
        var enough = _bytes + BytesAtOnce;
        for (var slot = 0; slot < SlotsAtOnce && _bytes < enough; slot++)
        {
            var wasEmpty = _saved.IsEmpty;
            if (_heads.IsCaptured ? _lost.Capture(slots: 1) : _heads.Capture(slots: 1))
                continue;

            // If the queue was empty before the attempt, the state can never fit. If the queue has become empty since then, the next
            // attempt may succeed.
            if (wasEmpty)
                Abort(CaptureEnd.ClaimsTooLarge);
            return false;
        }

        return true;
    }

    private void RequireSaved(bool isSaved)
    {
        if (isSaved)
            return;
        Abort(CaptureEnd.Overrun);
        EndTables();
    }

    private bool TryAdd(byte[] key, in EntryMetadata metadata)
    {
        _bytes += PackedEntry.Bytes(key.Length, _content.WrittenCount);
        return _saved.TryAdd(key, metadata, _content.WrittenSpan);
    }

    private bool Withdraw()
    {
        _saved.Withdraw();
        return false;
    }

    private void EndTables()
    {
        _heads.EndCapture();
        _lost.EndCapture();
    }
}
