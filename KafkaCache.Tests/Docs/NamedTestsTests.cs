using System.Reflection;
using System.Text.RegularExpressions;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Docs;

/// <summary>Tests that the documentation names must exist.</summary>
public sealed partial class NamedTestsTests
{
    [Theory]
    [InlineData("promises.md", 40)]
    [InlineData("hybrid.md", 30)]
    [InlineData("entity-framework.md", 25)]
    [InlineData("change-streams.md", 13)]
    [InlineData("jobs.md", 10)]
    [InlineData("leadership.md", 10)]
    [InlineData("refreshed-caches.md", 10)]
    public void Every_test_that_a_page_names_is_there(string page, int least)
    {
        var classes = Assembly.GetExecutingAssembly().GetTypes().ToLookup(static type => type.Name, StringComparer.Ordinal);
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", page));
        var missing = new List<string>();
        var named = 0;
        foreach (Match name in TestName().Matches(text))
        {
            named++;
            var method = name.Groups["method"].Value;
            if (
                !classes[name.Groups["class"].Value]
                    .Any(type => method.Length == 0 || type.GetMethods().Any(one => one.Name.StartsWith(method, StringComparison.Ordinal))))
                missing.Add(name.Value);
        }

        Assert.Empty(missing);
        Assert.True(named > least, $"{named} tests are named.");
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TestName();
}
