using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.Tests.EntityFrameworkCore.Tables;

/// <summary>Values that a database may treat as equal must have the same tag.</summary>
public sealed class TagsTests
{
    [Theory]
    [InlineData("ada@example.org", "ADA@Example.org")]
    [InlineData("sku-1", "sku 1  ")]
    [InlineData("", null)]
    [InlineData(7, 7L)]
    [InlineData((short)1, true)]
    [InlineData(DayOfWeek.Tuesday, 2)]
    [InlineData(new byte[] { 1, 2 }, new byte[] { 1, 2, 0, 0 })]
    public void Values_that_may_be_the_same_have_one_tag(object? one, object? other)
    {
        Assert.Equal(Tags.OfRow("users", [one]), Tags.OfRow("users", [other]));
        Assert.Equal(Tags.OfValue("users", "mail", one), Tags.OfValue("users", "Mail", other));
        Assert.NotEqual(Tags.OfUnknownRows("users"), Tags.OfRow("users", [one]));
    }

    [Fact]
    public void Values_that_models_map_to_several_types_have_one_tag()
    {
        var id = Guid.NewGuid();
        Assert.Equal(Tags.OfRow("users", [id]), Tags.OfRow("users", [id.ToString()]));
        Assert.Equal(Tags.OfRow("users", [5UL]), Tags.OfRow("users", [5]));
    }

    [Theory]
    [InlineData("ada", "bob")]
    [InlineData("1", 1)]
    [InlineData(0, null)]
    [InlineData(1L << 40, 1)]
    public void Other_values_have_other_tags(object? one, object? other) =>
        Assert.NotEqual(Tags.OfRow("users", [one]), Tags.OfRow("users", [other]));

    [Fact]
    public void A_row_with_a_value_that_can_not_be_compared_counts_as_unknown() => Assert.All<object>(
        [
            "straße", "\u0130", ulong.MaxValue, 1.5m, 1.5, 1.5f, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), new TimeOnly(12, 0),
        ],
        static value =>
        {
            Assert.Equal(Tags.OfUnknownRows("users"), Tags.OfRow("users", [1, value]));
            Assert.Equal(Tags.OfUnknownRows("users"), Tags.OfValue("users", "mail", value));
        });
}
