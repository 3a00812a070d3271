using System.Reflection;
using System.Text.RegularExpressions;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Docs;

/// <summary>Tests that the docs name are there.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void Every_test_that_the_promises_name_is_there()
    {
        var classes = Assembly.GetExecutingAssembly().GetTypes().ToLookup(static type => type.Name, StringComparer.Ordinal);
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "promises.md"));
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
        Assert.True(named > 40, $"{named} tests are named.");
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TestName();
}
