using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Tests.Store.Memory;

public sealed class StoreGeometryTests
{
    [Theory]
    [InlineData(1L << 20, 1 << 16, 14)]
    [InlineData(16L << 20, 1 << 20, 14)]
    [InlineData(100L << 20, 1 << 20, 97)]
    [InlineData(256L << 20, 4 << 20, 61)]
    [InlineData(1L << 30, 4 << 20, 247)]
    [InlineData(1L << 40, 4 << 20, 253_951)]
    public void Pages_follow_from_the_budget(long budget, int pageBytes, int pages)
    {
        var geometry = Of(budget, null);
        Assert.Equal(
            (pageBytes, pages, pageBytes - EntryLayout.MaxOverheadBytes), (geometry.PageBytes, geometry.LogPages, geometry.MaxEntryBytes));
    }

    [Theory]
    [InlineData(4L << 20)]
    [InlineData(1L << 10)]
    public void Limit_up_to_the_default_changes_no_page(long most)
    {
        var geometry = Of(1L << 30, most);
        Assert.Equal(Of(1L << 30, null) with { MaxRecordBytes = (int)most }, geometry);
        Assert.Equal(most - EntryLayout.MaxOverheadBytes, geometry.MaxEntryBytes);
    }

    [Theory]
    [InlineData(1L << 30, (4L << 20) + 1, 8 << 20)]
    [InlineData(1L << 30, 20L << 20, 32 << 20)]
    [InlineData(1L << 30, 128L << 20, 128 << 20)]
    [InlineData(2L << 30, 256L << 20, 256 << 20)]
    [InlineData(16L << 20, 2L << 20, 2 << 20)]
    public void Higher_limit_makes_pages_that_hold_it_and_a_budget_has_eight(long budget, long most, int pageBytes)
    {
        var geometry = Of(budget, most);
        Assert.Equal(pageBytes, geometry.PageBytes);
        Assert.Equal(most - EntryLayout.MaxOverheadBytes, geometry.MaxEntryBytes);
        Assert.True(geometry.LogPages >= 4);
        Assert.True(budget >= StoreGeometry.MinBudgetPages * StoreGeometry.PageBytesFor(budget, most));
    }

    [Fact]
    public void Eight_pages_are_enough_beside_the_largest_index() =>
        Assert.True(StoreGeometry.For(new StoreSettings(64L << 20, null, long.MaxValue, "store-tests", 8L << 20)).LogPages >= 4);

    private static StoreGeometry Of(long budget, long? most) =>
        StoreGeometry.For(new StoreSettings(budget, null, 100, "store-tests", most));
}
