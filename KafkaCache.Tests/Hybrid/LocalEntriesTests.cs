using System.Globalization;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Values that are kept in one process only.</summary>
public sealed class LocalEntriesTests
{
    [Fact]
    public void Small_values_are_limited_too_because_each_counts_with_what_it_takes_beside_its_key_and_payload()
    {
        using var entries = new LocalEntries(new FakeTimeProvider());
        const int Many = 300_000;
        for (var i = 0; i < Many; i++)
            entries.Set(KeyOf(i), new StoredRecord(RecordKind.Value, new byte[1]), TimeSpan.FromHours(1));
        var kept = Enumerable.Range(0, Many).Count(i => entries.TryGet(KeyOf(i), out _));
        Assert.InRange(kept, 1, (64 << 20) / 256);
    }

    private static string KeyOf(int i) => i.ToString(CultureInfo.InvariantCulture);
}
