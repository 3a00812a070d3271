using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Tests.Store.Entries;

public sealed class EntryLayoutTests
{
    public static TheoryData<int, long, long, byte> Extremes => new()
    {
        { 0, 0, 0, 0 },
        { EntryLayout.MaxPartition, EntryLayout.MaxOffset, EntryLayout.MaxTimestampMs, EntryLayout.MaxQuarantine },
        { 0x0001_0000, 0x8000_0000_0000, -1, 1 },
        { 0x007F_FFFE, 1, -EntryLayout.MaxTimestampMs - 1, 0 },
        { 3, 42, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), 0 },
        { 3, 42, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), 0 },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public unsafe void Where_an_entry_is_from_comes_back_as_it_went_in(int partition, long offset, long timestampMs, byte quarantine)
    {
        var slot = stackalloc byte[EntryLayout.HeaderBytes + 8];
        var value = stackalloc byte[] { 1, 2, 3 };
        var metadata = new EntryMetadata(partition, offset, timestampMs, quarantine);
        EntryLayout.WriteFirst(slot, metadata, value, 3, removed: false);

        Assert.True(EntryLayout.Peek(slot, out var peeked, out var length));
        Assert.Equal(metadata, peeked);
        Assert.Equal(3, length);
        var buffer = new ReadBuffer();
        Assert.True(EntryLayout.TryRead(slot, capacity: 8, buffer));
        Assert.Equal(metadata, buffer.Metadata);
        Assert.Equal([1, 2, 3], buffer.Value.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(36)]
    [InlineData(100)]
    public void A_first_slot_leaves_no_bytes_between_its_record_and_the_next(int keyLength)
    {
        for (var length = 0; length < 40; length++)
        {
            var capacity = EntryLayout.TightCapacity(length);
            Assert.InRange(capacity, length, length + 7);
            Assert.Equal(EntryLayout.RecordBytes(keyLength, capacity), EntryLayout.RecordBytes(keyLength, length));
            Assert.True(
                EntryLayout.RecordBytes(keyLength, capacity + 1) > EntryLayout.RecordBytes(keyLength, capacity),
                $"a value of {length} wastes bytes of its record");
        }
    }

    [Fact]
    public void An_entry_from_beyond_what_a_slot_counts_to_is_refused_with_the_limits()
    {
        using var store = StoreTesting.NewStore();
        var refused = Assert.Throws<NotSupportedException>(
            () => store.Set(StoreTesting.Key(1), new EntryMetadata(0, EntryLayout.MaxOffset + 1, 0), [1]));
        Assert.Contains(EntryLayout.MaxOffset.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message);
        Assert.Throws<NotSupportedException>(
            () => store.Set(StoreTesting.Key(1), new EntryMetadata(EntryLayout.MaxPartition + 1, 0, 0), [1]));
        Assert.Equal(0, store.Count);
    }
}
