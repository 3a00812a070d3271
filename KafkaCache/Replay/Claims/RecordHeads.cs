namespace KafkaCaching.Replay.Claims;

/// <summary>The heads of each record key. A head that yields entries is kept for as long as it is the latest. Heads that are out of force
/// are kept up to a number of bytes, and the oldest are removed first. There are two kinds of them. The first is a head that is older than
/// the head of another partition; it comes back into force if that partition's next record is older still. The second is a silent head,
/// which must win over an older record of another partition that is read after it. Replay thread only, except that any thread may read the
/// bytes.</summary>
internal sealed class RecordHeads
{
    // Enough for about a hundred thousand tombstones.
    private const long MostBytesOutOfForce = 16 << 20;
    private const int HeadBytes = 128;
    private const int EntryBytes = 48;

    private readonly Dictionary<byte[], Head> _latest = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], Head>.AlternateLookup<ReadOnlySpan<byte>> _lookUp;
    private readonly Queue<(byte[] RecordKey, Head Head, int Bytes)> _outOfForce = [];
    private readonly long _mostBytes;
    private long _bytes;

    public RecordHeads(long mostBytesOutOfForce = MostBytesOutOfForce)
    {
        _lookUp = _latest.GetAlternateLookup<ReadOnlySpan<byte>>();
        _mostBytes = mostBytesOutOfForce;
    }

    /// <summary>The bytes of the heads out of force, including some that are back in force. Any thread.</summary>
    public long BytesOutOfForce => Volatile.Read(ref _bytes);

    public Head? LatestOf(ReadOnlySpan<byte> recordKey) => _lookUp.TryGetValue(recordKey, out var head) ? head : null;

    public void Put(ReadOnlySpan<byte> recordKey, in HeadChange change)
    {
        var latest = change.After;
        if (change.Before is { Older: null } before && !change.CrossesPartitions)
        {
            before.Become(latest);
            latest = before;
        }
        else
        {
            Link(change);
            _lookUp[recordKey] = latest;
        }

        for (var head = latest.Older; head is not null; head = head.Older)
        {
            if (head == change.Before || head == change.Next)
                MayForget(recordKey, head);
        }

        if (IsSilentAndAlone(latest))
            MayForget(recordKey, latest);
        while (_bytes > _mostBytes)
            ForgetOldest();
    }

    private static void Link(in HeadChange change)
    {
        Head? others = null;
        Head? older;
        for (var head = change.Before; head is not null; head = older)
        {
            older = head.Older;
            if (head.Partition != change.Next.Partition && head != change.After)
                others = LinkTo(head, others);
        }

        if (change.Next != change.After)
            others = LinkTo(change.Next, others);
        change.After.Older = others;
    }

    private static Head LinkTo(Head head, Head? others)
    {
        head.Older = others;
        return head;
    }

    private static bool IsSilentAndAlone(Head latest) => latest is { IsSilent: true, Older: null };

    private void MayForget(ReadOnlySpan<byte> recordKey, Head head)
    {
        _lookUp.TryGetValue(recordKey, out var ownKey, out _);
        var bytes = HeadBytes + ownKey!.Length;
        foreach (ref readonly var entry in head.Entries.AsSpan())
            bytes += EntryBytes + entry.Key.Length + (entry.Value?.Length ?? 0);
        _outOfForce.Enqueue((ownKey, head, bytes));
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    // The head may be back in force by now, or gone. In that case there is nothing to forget.
    private void ForgetOldest()
    {
        var (recordKey, oldest, bytes) = _outOfForce.Dequeue();
        Volatile.Write(ref _bytes, _bytes - bytes);
        if (!_latest.TryGetValue(recordKey, out var latest))
            return;
        if (latest == oldest)
        {
            if (IsSilentAndAlone(latest))
                _latest.Remove(recordKey);
            return;
        }

        for (var head = latest; head.Older is { } older; head = older)
        {
            if (older != oldest)
                continue;
            head.Older = older.Older;
            if (IsSilentAndAlone(latest))
                MayForget(recordKey, latest);
            return;
        }
    }
}
