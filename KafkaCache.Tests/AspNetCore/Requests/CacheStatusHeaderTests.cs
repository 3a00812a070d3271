using KafkaCaching.AspNetCore.Requests;
using KafkaCaching.Hybrid;

namespace KafkaCaching.Tests.AspNetCore.Requests;

/// <summary>The grammar of RFC 9211 and RFC 8941.</summary>
public sealed class CacheStatusHeaderTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("web.pages:1/a", "web.pages:1/a")]
    [InlineData("1st", "\"1st\"")]
    [InlineData("the web", "\"the web\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("ä, b", "\"%C3%A4%2C%20b\"")]
    public void A_name_is_a_token_or_a_quoted_string(string name, string shown) => Assert.Equal(
        $"{shown}; hit; ttl=1",
        CacheStatusHeader.Format([new RequestAnswer(name, ForwardReason.None, IsStored: false, default, OneSecond)]));

    [Fact]
    public void Each_cache_is_a_member_and_seconds_are_whole() => Assert.Equal(
        "one; hit; ttl=1, two; fwd=stale; stored, three; fwd=request",
        CacheStatusHeader.Format(
        [
            new RequestAnswer("one", ForwardReason.None, IsStored: false, OneSecond, TimeSpan.FromSeconds(1.9)),
            new RequestAnswer("two", ForwardReason.Stale, IsStored: true, default, TimeToLive: null),
            new RequestAnswer("three", ForwardReason.Request, IsStored: false, default, TimeToLive: null),
        ]));

    private static TimeSpan OneSecond => TimeSpan.FromSeconds(1);
}
