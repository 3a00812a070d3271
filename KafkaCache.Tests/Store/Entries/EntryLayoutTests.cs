using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Tests.Store.Entries;

public sealed class EntryLayoutTests
{
    public static TheoryData<int, long, long, byte, long, ushort> Extremes => new()
    {
        { 0, 0, 0, 0, 0, 0 },
        { EntryLayout.MaxPartition, EntryLayout.MaxOffset, EntryLayout.MaxTimestampMs, EntryLayout.MaxQuarantine, long.MaxValue, 3 },
        { 0x0001_0000, 0x8000_0000_0000, -1, 1, 0, 2 },
        { 0x007F_FFFE, 1, -EntryLayout.MaxTimestampMs - 1, 0, 1, 0 },
        { 3, 42, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), 0, 1000, 0 },
        { 3, 42, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), 0, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public unsafe void What_is_known_of_an_entry_comes_back_as_it_went_in(
        int partition, long offset, long timestampMs, byte quarantine, long timeToLiveMs, ushort headerBytes)
    {
        var slot = stackalloc byte[EntryLayout.HeaderBytes + 16];
        var value = stackalloc byte[] { 1, 2, 3 };
        var deadline = timeToLiveMs == 0 ? default : Deadline.Of(timestampMs, timeToLiveMs);
        var metadata = new EntryMetadata(partition, offset, timestampMs, quarantine, deadline, headerBytes);
        EntryLayout.WriteFirst(slot, metadata, value, 3, removed: false);

        Assert.True(EntryLayout.Peek(slot, out var peeked, out var length));
        Assert.Equal(metadata, peeked);
        Assert.Equal(3 + EntryLayout.BytesOfMore(metadata), length);
        Assert.Equal([1, 2, 3], EntryLayout.Content(slot, peeked).ToArray());
        var buffer = new ReadBuffer();
        Assert.True(EntryLayout.TryRead(slot, capacity: 16, buffer));
        Assert.Equal(metadata, buffer.Metadata);
        Assert.Equal([1, 2, 3], buffer.Content.ToArray());
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
