using KafkaCaching.EntityFrameworkCore.Invalidation;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

public sealed class UnsettledTagsTests
{
    private readonly UnsettledTags _tags = new();

    [Fact]
    public void A_tag_is_unsettled_until_it_is_settled()
    {
        var (a, _) = (_tags.Add("a"), _tags.Add("b"));
        Assert.Same(a, _tags.Add("a"));
        Assert.True(_tags.ContainsAny(["c", "a"]));
        Assert.False(_tags.ContainsAny(["c"]));
        _tags.Settle(a);
        Assert.False(_tags.ContainsAny(["a"]));
        Assert.True(_tags.ContainsAny(["b"]));
        Assert.Equal(1, _tags.Count);
    }

    [Fact]
    public void A_reader_that_found_its_result_before_notices_a_settlement_in_between()
    {
        var a = _tags.Add("a");
        var since = _tags.Settlements;
        Assert.False(_tags.ContainsAny(["b"], since));
        _tags.Settle(a);
        Assert.False(_tags.ContainsAny(["a"]));
        Assert.True(_tags.ContainsAny(["a"], since));
        Assert.False(_tags.ContainsAny(["a"], _tags.Settlements));
    }
}
