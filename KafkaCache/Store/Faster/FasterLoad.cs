using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Faster;

/// <summary>Fills the pages and the index of a new FASTER log directly. The result is the same as that of FASTER's own writes.</summary>
/// <remarks>The addresses in a chain of records with the same tag must be descending, because FASTER ends the chain at the first address
/// below the beginning of the log. Therefore, each lane takes its pages in ascending order, and no two lanes share a bucket.</remarks>
internal sealed unsafe class FasterLoad(
    FasterKV<SpanByte, SpanByte> faster, FasterInternals.LogMemory memory, IndexBuckets index, StoreGeometry geometry,
    IFasterLoadOwner owner) : IEntryLoad
{
    private readonly Lock _gate = new();
    private long _pages;
    private LoadedLog _sum;

    private StoreGeometry Geometry => geometry;

    private IndexBuckets Index => index;

    private IFasterLoadOwner Owner => owner;

    public bool CanSplit(long buckets) => index.Count >= buckets;

    public IEntryLane BeginLane() => new Lane(this);

    public void End()
    {
        var allocated = 0;
        foreach (var page in memory.Pages)
            allocated += page is null ? 0 : 1;
        memory.SetAllocated(allocated);
        var begin = faster.Log.BeginAddress;
        if (_sum.Records == 0)
            return;
        memory.Reset(_sum.Tail, begin, begin, begin);
        _sum.EndBytes -= -_sum.Tail & (geometry.PageBytes - 1); // The rest of the last page will be filled later, so it is not counted.
        owner.Loaded(_sum);
    }

    private long TakePage(out byte* start, out byte* end)
    {
        lock (_gate)
        {
            if (_pages >= geometry.LogPages - 1)
                throw owner.Full();
            var page = _pages++;
            var place = page & (memory.Pages.Length - 1);
            var bytes = memory.Pages[place] ??= PageSupply.Allocate(geometry.PageBytes, 1)[0];
            // The array is pinned, so its address does not change.
            var array = (byte*)Unsafe.AsPointer(ref bytes[0]);
            start = (byte*)PageSupply.FirstByteOf(array);
            end = array + bytes.Length;
            memory.Pointers[place] = (long)start;
            return page;
        }
    }

    private void Add(in LoadedLog lane)
    {
        lock (_gate)
            _sum = _sum.With(lane);
    }

    private void Note(long address, Deadline deadline, bool counts)
    {
        lock (_gate)
            owner.NoteDeadline(address, deadline, counts);
    }

    private byte* At(long address) =>
        (byte*)memory.Pointers[(address >> geometry.PageBits) & (memory.Pages.Length - 1)] + (address & (geometry.PageBytes - 1));

    private sealed class Lane(FasterLoad load) : IEntryLane
    {
        private const int FirstAddress = 64; // FASTER does not use the first bytes of the log.
        private const int RecordInfoBytes = 8;
        private const int LengthBytes = 4;

        private byte* _start;
        private byte* _at;
        private byte* _end; // The end of the page.
        private byte* _arrayEnd;
        private long _pageAddress;
        private LoadedLog _sum;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Add(ulong hash, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
        {
            if (key.Length + (long)content.Length > load.Geometry.MaxEntryBytes)
                throw load.Owner.TooLarge(key.Length, content.Length);
            var length = EntryLayout.BytesOfMore(metadata) + content.Length;
            var capacity = EntryLayout.TightCapacity(length);
            var bytes = EntryLayout.RecordBytes(key.Length, capacity);
            while (_end - _at < bytes) // The first page has less room than the others.
                BeginPage();

            ref var word = ref load.Index.Place(hash);
            var previous = IndexBuckets.AddressIn(word);
            if (previous != 0 && Holds(previous, key))
                return false;
            Write(previous, key, metadata, content, capacity);
            var address = _pageAddress + (_at - _start);
            word = IndexBuckets.Word(hash, address);
            _at += bytes;
            Count(address, metadata, EntryWrite.BytesIfCopied(key.Length, capacity, length));
            return true;
        }

        public void End()
        {
            EndPage();
            load.Add(_sum);
        }

        private bool Holds(long address, ReadOnlySpan<byte> key)
        {
            for (; address != 0; address = ((RecordInfo*)load.At(address))->PreviousAddress)
            {
                var at = load.At(address) + RecordInfoBytes;
                if (new ReadOnlySpan<byte>(at + LengthBytes, *(int*)at).SequenceEqual(key))
                    return true;
            }

            return false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Write(
            long previous, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content, int capacity)
        {
            var info = (RecordInfo*)_at;
            info->WriteInfo(inNewVersion: false, tombstone: false, previous);
            info->UnsealAndValidate();
            var at = _at + RecordInfoBytes;
            *(int*)at = key.Length;
            key.CopyTo(new Span<byte>(at + LengthBytes, key.Length));
            var keyBytes = LengthBytes + key.Length;
            new Span<byte>(at + keyBytes, -keyBytes & 7).Clear();
            at += (keyBytes + 7) & ~7;
            *(int*)at = EntryLayout.HeaderBytes + capacity;
            fixed (byte* bytes = content)
            {
                EntryLayout.WriteFirst(at + LengthBytes, metadata, bytes, content.Length, removed: false);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Count(long address, in EntryMetadata metadata, int bytesIfCopied)
        {
            _sum.Tail = _pageAddress + (_at - _start);
            _sum.LiveBytes += bytesIfCopied;
            _sum.Records++;
            _sum.Entries += metadata.IsQuarantined ? 0 : 1;
            if (!metadata.Deadline.IsNone)
                load.Note(address, metadata.Deadline, counts: !metadata.IsQuarantined);
        }

        private void BeginPage()
        {
            EndPage();
            var page = load.TakePage(out _start, out _arrayEnd);
            _pageAddress = page << load.Geometry.PageBits;
            _at = _start + (page == 0 ? FirstAddress : 0);
            _end = _start + load.Geometry.PageBytes;
        }

        // Zeros mark the end of the records on the page.
        private void EndPage()
        {
            if (_start == null)
                return;
            new Span<byte>(_at, (int)(_arrayEnd - _at)).Clear();
            _sum.EndBytes += _end - _at;
        }
    }
}

/// <summary>The store that is being loaded.</summary>
internal interface IFasterLoadOwner
{
    /// <summary>Called when everything has been loaded.</summary>
    void Loaded(in LoadedLog log);

    /// <summary>Called when an entry with a deadline has been loaded to an address. Only one thread at a time calls this.</summary>
    /// <param name="address">The address.</param>
    /// <param name="deadline">The deadline.</param>
    /// <param name="counts">Whether the entry is counted until its deadline.</param>
    void NoteDeadline(long address, Deadline deadline, bool counts);

    StoreFullException Full();

    EntryTooLargeException TooLarge(int keyLength, int contentLength);
}

/// <summary>The result of loading a log.</summary>
internal struct LoadedLog
{
    /// <summary>The end of the log.</summary>
    public long Tail;

    /// <inheritdoc cref="LogBudget.LiveBytes"/>
    public long LiveBytes;

    /// <inheritdoc cref="LogBudget.EndBytes"/>
    public long EndBytes;

    public long Records;

    /// <summary>The number of records that are readable entries.</summary>
    public long Entries;

    public readonly LoadedLog With(in LoadedLog other) => new()
    {
        Tail = Math.Max(Tail, other.Tail), LiveBytes = LiveBytes + other.LiveBytes, EndBytes = EndBytes + other.EndBytes,
        Records = Records + other.Records, Entries = Entries + other.Entries,
    };
}
