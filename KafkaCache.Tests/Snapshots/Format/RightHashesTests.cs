using System.Buffers.Binary;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Entries;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>A file with correct hashes is still refused if its content is invalid.</summary>
public sealed class RightHashesTests : IDisposable
{
    private const int DeadlineAt = 32;

    private readonly TemporaryDirectory _directory = new();

    public RightHashesTests()
    {
        using var store = StoreTesting.NewStore();
        for (var i = 0; i < 10; i++)
            store.Set(StoreTesting.Key(i), StoreTesting.At(i), StoreTesting.Describing(i, 50));
        SnapshotFileTesting.Write(File, store, [10]);
    }

    public static TheoryData<int, long> OddNumbers => new()
    {
        { 0, -1 }, { 4, -1 }, { 4, int.MaxValue }, { 8, 1 << 23 }, { 8, 1 }, { 12, 5_000 }, { 16, -1 }, { 16, 10 }, { 16, 1L << 48 },
        { 24, long.MaxValue }, { 24, long.MinValue }, { DeadlineAt, 1 }, { DeadlineAt, 60 << 8 | 1 << 16 }, { DeadlineAt, -1 << 16 },
    };

    private string File => Path.Combine(_directory.Path, "a.snapshot");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Same_entries_written_again_are_taken()
    {
        SnapshotRewriting.Rewrite(File);
        using var loaded = SnapshotFileTesting.Load(File);
        Assert.Equal(10, loaded.Count);
    }

    [Fact]
    public void Entry_that_is_not_from_before_the_position_is_refused() => AssertDamaged(
        describe: static description => description with { Partitions = SnapshotFileTesting.Description(9).Partitions });

    [Fact]
    public void Entry_in_a_frame_of_other_buckets_is_refused()
    {
        SnapshotRewriting.Rewrite(File, firstBucket: 0);
        SnapshotFileTesting.Load(File).Dispose();
        SnapshotRewriting.Rewrite(File, firstBucket: 9_999);
        Assert.Equal(ColdStartReason.Damaged, Assert.Throws<SnapshotException>(() => SnapshotFileTesting.Load(File)).Reason);
    }

    [Fact]
    public void Key_that_comes_twice_is_refused() => AssertDamaged(static frames => [.. frames, frames[0]]);

    [Fact]
    public void Frame_that_holds_more_than_its_entries_is_refused() =>
        AssertDamaged(static frames => [(frames[0].Bytes, frames[0].Entries - 1), .. frames[1..]]);

    [Fact]
    public void Frame_that_holds_less_than_its_entries_is_refused() =>
        AssertDamaged(static frames => [(frames[0].Bytes, frames[0].Entries + 1), .. frames[1..]]);

    [Fact]
    public void Number_of_entries_that_a_frame_has_no_room_for_is_refused_before_a_store_is_made_for_it()
    {
        SnapshotRewriting.Rewrite(File, change: static frames => [(frames[0].Bytes, int.MaxValue), .. frames[1..]]);
        Assert.Equal(ColdStartReason.Damaged, Assert.Throws<SnapshotException>(() => SnapshotReader.Open(File)).Reason);
    }

    [Fact]
    public void Other_number_of_entries_than_the_frames_have_is_refused() =>
        AssertDamaged(describe: static description => description with { Entries = description.Entries - 1 });

    [Theory]
    [InlineData(-1, -1, 0)]
    [InlineData(10, 11, 0)]
    [InlineData(10, 10, 11)]
    [InlineData((1L << 48) + 1, 10, 0)]
    public void Positions_that_are_not_possible_are_refused(long position, long resumeAt, long logStart) => AssertDamaged(
        describe: description => description with { Partitions = [new(position, resumeAt, LeaderEpoch: 1, logStart, TimestampMs: 0)] });

    [Theory]
    [MemberData(nameof(OddNumbers))]
    public void Entry_with_a_number_that_is_not_possible_is_refused(int at, long number) => AssertDamaged(frames =>
    {
        if (at < 16)
            BinaryPrimitives.WriteInt32LittleEndian(frames[0].Bytes.AsSpan(at), (int)number);
        else
            BinaryPrimitives.WriteInt64LittleEndian(frames[0].Bytes.AsSpan(at), number);
        return frames;
    });

    [Fact]
    public void Every_deadline_that_is_made_is_possible()
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        for (var i = 0; i < 10_000; i++)
        {
            var deadline = Deadline.Of(random.NextInt64() >> random.Next(63), 1 + (random.NextInt64() >> random.Next(63)));
            Assert.True(deadline.IsPossible, $"{deadline}");
        }
    }

    private void AssertDamaged(
        Func<List<(byte[] Bytes, int Entries)>, List<(byte[] Bytes, int Entries)>>? change = null,
        Func<SnapshotDescription, SnapshotDescription>? describe = null)
    {
        SnapshotRewriting.Rewrite(File, describe, change);
        Assert.Equal(
            ColdStartReason.Damaged, Assert.Throws<SnapshotException>(() => SnapshotFileTesting.Load(File)).Reason);
    }
}
