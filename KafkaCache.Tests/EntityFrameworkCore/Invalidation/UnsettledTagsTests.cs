using KafkaCaching.EntityFrameworkCore.Invalidation;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

public sealed class UnsettledTagsTests
{
    private readonly UnsettledTags _tags = new();

    [Fact]
    public void A_tag_of_two_commits_is_settled_with_the_second()
    {
        _tags.Add(["a", "b"]);
        _tags.Add(["a"]);
        _tags.Settle(["a", "b"]);
        Assert.True(_tags.HaveAny(["a"]));
        Assert.False(_tags.HaveAny(["b"]));
        _tags.Settle(["a"]);
        Assert.False(_tags.HaveAny(["a"]));
        Assert.Equal(0, _tags.Count);
    }

    [Fact]
    public void Late_commits_are_settled_together_and_those_under_way_are_not()
    {
        for (var commit = 0; commit < 3; commit++)
            _tags.Add(["a"]);
        _tags.Settle([KeyValuePair.Create("a", 2)]);
        Assert.True(_tags.HaveAny(["a"]));
        _tags.Settle(["a"]);
        Assert.False(_tags.HaveAny(["a"]));
    }

    [Fact]
    public void A_reader_that_found_its_result_before_notices_a_settlement_in_between()
    {
        _tags.Add(["a"]);
        var since = _tags.Settlements;
        Assert.False(_tags.HaveAny(["b"], since));
        _tags.Settle(["a"]);
        Assert.False(_tags.HaveAny(["a"]));
        Assert.True(_tags.HaveAny(["a"], since));
        Assert.False(_tags.HaveAny(["a"], _tags.Settlements));
    }
}
