using KafkaCaching.Indexes;

namespace KafkaCaching.Tests.Indexes;

public sealed class KeyTableTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Prefetching_continues_after_more_calls_than_an_int_counts()
    {
        var keys = new KeyTable(indexes: 1);
        var row = keys.Add("key"u8);
        for (var calls = 0L; calls < int.MaxValue + 8L; calls++)
            keys.Prefetch("key"u8);
        Assert.Equal(row, keys.Find("key"u8));
    }
}
