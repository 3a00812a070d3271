using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

public sealed class MarkSetTests
{
    [Fact]
    public void Sets_that_are_added_have_no_more_rows_together_than_one()
    {
        var all = new MarkSet();
        for (var save = 0; save < 10; save++)
        {
            var marks = new MarkSet();
            marks.AddRow("users", Tags.OfRow("users", [save]), maxRows: 5);
            marks.AddRow("orders", Tags.OfRow("orders", [save % 2]), maxRows: 5);
            all.Add(marks, maxRows: 5);
        }

        Assert.Equal(
            [
                Tags.OfUnknownRows("users"), Tags.OfTable("orders"), Tags.OfTable("users"),
                .. new[] { Tags.OfRow("orders", [0]), Tags.OfRow("orders", [1]) }.Order(StringComparer.Ordinal),
            ],
            all.Tags.OrderBy(static tag => (tag[0] == 'r', tag)));
    }
}
