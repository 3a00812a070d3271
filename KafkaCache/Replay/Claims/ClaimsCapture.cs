using System.Buffers;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The claims of a cache as they were at one moment. The replay thread saves them: a few between two batches, and each that it is
/// about to change. The thread that writes a snapshot takes them over.</summary>
internal sealed class ClaimsCapture : ICaptureSink<Head>, ICaptureSink<SortedSet<Claim>>, IDisposable
{
    public const int DefaultRingBytes = 8 << 20;

    // Some dozens of microseconds.
    private const int SlotsAtOnce = 64;
    private const int BytesAtOnce = 16 << 10;

    // What is captured between two batches must not be noticed by who waits for a record.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMicroseconds(250);

    private readonly CapturableTable<Head> _heads;
    private readonly CapturableTable<SortedSet<Claim>> _lost;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly EntryRing _saved;
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ManualResetEventSlim _stepped = new();
    private long _bytes;
    private int _end;
    private volatile bool _isComplete;

    public ClaimsCapture(
        CapturableTable<Head> heads, CapturableTable<SortedSet<Claim>> lost, Action wake, TimeProvider time, int ringBytes)
    {
        (_heads, _lost, _wake, _time) = (heads, lost, wake, time);
        _saved = new EntryRing(ringBytes);
        heads.BeginCapture(this);
        lost.BeginCapture(this);
    }

    /// <summary>Any thread. Why the capture is of no use; <see cref="CaptureEnd.None"/> if it is.</summary>
    public CaptureEnd End => (CaptureEnd)Volatile.Read(ref _end);

    /// <summary>Any thread. Whether all claims are saved.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Replay thread. Saves some claims.</summary>
    /// <returns>Whether steps are left.</returns>
    public bool Step()
    {
        var begun = _time.GetTimestamp();
        while (End == CaptureEnd.None && !_isComplete && _time.GetElapsedTime(begun) < LongestStep && TrySaveSome())
            _isComplete = _heads.IsCaptured && _lost.IsCaptured;
        var isOver = End != CaptureEnd.None || _isComplete;
        if (isOver)
            EndTables();
        _stepped.Set();
        return !isOver;
    }

    /// <summary>Any thread. The first reason counts.</summary>
    public void Abort(CaptureEnd end)
    {
        Interlocked.CompareExchange(ref _end, (int)end, (int)CaptureEnd.None);
        _stepped.Set();
    }

    /// <summary>Writing thread. The oldest packed claim that was not taken yet. It stays where it is until <see cref="Take"/>.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> packed) => _saved.TryPeek(out packed);

    /// <summary>Writing thread. Frees the room of the claim that was peeked at.</summary>
    public void Take(ReadOnlySpan<byte> packed) => _saved.Take(packed);

    /// <summary>Writing thread. Has the replay thread make a step, and waits for it.</summary>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public void AwaitStep(CancellationToken stopping)
    {
        _stepped.Reset();
        if (!_saved.IsEmpty || _isComplete || End != CaptureEnd.None)
            return;
        _wake();
        _stepped.Wait(stopping);
    }

    /// <summary>Writing thread. Nobody takes anything over any more.</summary>
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

    // Until the next look at the clock. Only one slot may hold more, because a state is saved as a whole.
    private bool TrySaveSome()
    {
        var enough = _bytes + BytesAtOnce;
        for (var slot = 0; slot < SlotsAtOnce && _bytes < enough; slot++)
        {
            var wasEmpty = _saved.IsEmpty;
            if (_heads.IsCaptured ? _lost.Capture(slots: 1) : _heads.Capture(slots: 1))
                continue;

            // What finds no room in an empty ring never will. A ring that is empty only now has been emptied meanwhile.
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
