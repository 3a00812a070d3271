using System.Globalization;
using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Changes;

public sealed class ConflationTests
{
    // For a cache of several gigabytes, the changes would not fit into a single array.
    [Fact]
    public void The_changes_of_many_keys_come_in_several_batches_and_those_of_a_record_in_one()
    {
        const int Records = 1_000;
        const int KeysOfARecord = 3;
        var conflation = new Conflation();
        for (var offset = 0; offset < Records; offset++)
            conflation.Add(BatchOf(offset, KeysOfARecord));

        var batches = conflation.ToBatches(withUnchanged: false);

        Assert.InRange(batches.Count, 3, Records);
        Assert.All(batches, static batch => Assert.InRange(batch.Count, 1, 600));
        Assert.Equal(Records * KeysOfARecord, batches.Sum(static batch => batch.Count));
        var records = batches.Select(static batch => batch.Changes.ToArray().Select(static change => change.Cause).Distinct());
        Assert.Equal(
            Enumerable.Range(0, Records).Select(static offset => new CachePosition(0, offset)), records.SelectMany(static one => one));
    }

    private static ChangeBatch BatchOf(int offset, int keys)
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < keys; i++)
        {
            builder.Add(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{offset}/{i}")), hasPrevious: false, default, default,
                hasCurrent: true, new EntryMetadata(0, offset, TimestampMs: 1), "value"u8, new CachePosition(0, offset));
        }

        return builder.Take();
    }
}
