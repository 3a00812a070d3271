namespace KafkaCaching.Replay.Claims;

/// <summary>The heads of each record key. A head that yields entries is kept for as long as it is the latest. Heads that currently yield no
/// entries are kept up to a limit in bytes, and the oldest are removed first. There are two kinds of them. The first is a head that is
/// older than the head of another partition; it takes effect again if that partition's next record is older still. The second is a latest
/// head that yields nothing, such as a tombstone. It is kept because it must supersede an older record of another partition that is read
/// later. The class is used only on the replay thread, except that any thread may read <see cref="BytesOutOfForce"/>.</summary>
internal sealed class RecordHeads
{
    // This is enough for about a hundred thousand tombstones.
    private const long MaxBytesOutOfForce = 16 << 20;
    private const int HeadBytes = 128;
    private const int EntryBytes = 48;

    private readonly Queue<(byte[] RecordKey, Head Head, int Bytes)> _outOfForce = [];
    private readonly long _maxBytes;
    private List<(byte[] RecordKey, Head Head)> _restored = [];
    private long _bytes;

    public RecordHeads(long maxBytesOutOfForce = MaxBytesOutOfForce) => _maxBytes = maxBytesOutOfForce;

    /// <summary>The number of bytes of the heads that yield no entries, including some that yield entries again. Safe to read from any
    /// thread.</summary>
    public long BytesOutOfForce => Volatile.Read(ref _bytes);

    /// <summary>The latest head of each record key.</summary>
    public CapturableTable<Head> Latest { get; } = new();

    public Head? LatestOf(ReadOnlySpan<byte> recordKey) => Latest.Find(recordKey);

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
            Latest.Set(recordKey, latest);
        }

        for (var head = latest.Older; head is not null; head = head.Older)
        {
            if (head == change.Before || head == change.Next)
                NoteForgettable(recordKey, head);
        }

        if (IsSilentAndAlone(latest))
            NoteForgettable(recordKey, latest);
        ForgetExcess();
    }

    /// <summary>Loads the heads of a record key from a snapshot: the latest one, with the older ones linked to it.</summary>
    public void Restore(ReadOnlySpan<byte> recordKey, Head latest)
    {
        Latest.Set(recordKey, latest);
        var ownKey = Latest.KeyOf(recordKey);
        for (var head = latest.Older; head is not null; head = head.Older)
            _restored.Add((ownKey, head));
        if (IsSilentAndAlone(latest))
            _restored.Add((ownKey, latest));
    }

    /// <summary>Called when all heads have been loaded. They were loaded in any order, but the oldest must be removed first. The timestamps
    /// of their records approximate the order in which they stopped yielding entries.</summary>
    public void EndRestore()
    {
        _restored.Sort(static (one, other) => one.Head.Metadata.TimestampMs.CompareTo(other.Head.Metadata.TimestampMs));
        foreach (var (recordKey, head) in _restored)
            NoteForgettable(recordKey, head);
        ForgetExcess();
        _restored = [];
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

    private void NoteForgettable(ReadOnlySpan<byte> recordKey, Head head)
    {
        var ownKey = Latest.KeyOf(recordKey);
        var bytes = HeadBytes + ownKey.Length;
        foreach (ref readonly var entry in head.Entries.AsSpan())
            bytes += EntryBytes + entry.Key.Length + (entry.Value?.Length ?? 0);
        _outOfForce.Enqueue((ownKey, head, bytes));
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    private void ForgetExcess()
    {
        while (_bytes > _maxBytes)
            ForgetOldest();
    }

    // If the head yields entries again by now, or has been removed, nothing needs to be done.
    private void ForgetOldest()
    {
        var (recordKey, oldest, bytes) = _outOfForce.Dequeue();
        Volatile.Write(ref _bytes, _bytes - bytes);
        if (Latest.Find(recordKey) is not { } latest)
            return;
        Latest.Changing(recordKey);
        if (latest == oldest)
        {
            if (IsSilentAndAlone(latest))
                Latest.Remove(recordKey);
            return;
        }

        for (var head = latest; head.Older is { } older; head = older)
        {
            if (older != oldest)
                continue;
            head.Older = older.Older;
            if (IsSilentAndAlone(latest))
                NoteForgettable(recordKey, latest);
            return;
        }
    }
}
