using System.Text.Json;
using System.Text.RegularExpressions;

namespace KafkaCaching.Tests.Deploy;

public sealed partial class AlertRulesTests
{
    private const string UnitTests = "kafkacache.rules.test.yml";

    private static readonly IReadOnlyList<AlertRule> Alerts = AlertRule.Read();

    [Fact]
    public async Task Each_alert_fires_when_it_should_and_is_silent_when_it_should()
    {
        Assert.SkipUnless(Promtool.IsInstalled, "Needs promtool on the PATH: Debian's package prometheus.");

        var (exitCode, output) = await Promtool.RunAsync("test", "rules", DeployFiles.PathOf(UnitTests));

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Each_alert_has_a_unit_test_in_which_it_fires_and_one_in_which_it_could_but_does_not()
    {
        var cases = DeployFiles.Yaml(DeployFiles.PathOf(UnitTests)).GetProperty("tests").EnumerateArray()
            .SelectMany(
                static test => test.GetProperty("promql_expr_test").EnumerateArray(),
                static (test, at) => (Test: test, Samples: at.GetProperty("exp_samples").GetRawText()))
            .ToList();

        foreach (var alert in Alerts)
        {
            var fires = $"alertname=\\\"{alert.Name}\\\"";
            Assert.True(
                cases.Exists(one => Unescaped(one.Samples).Contains(fires, StringComparison.Ordinal)),
                $"{alert.Name} fires in no unit test.");

            // A test counts only if it has all metrics of the alert.
            var metrics = MetricNames.In(alert.Expression);
            Assert.True(
                cases.Exists(
                    one =>
                        !Unescaped(one.Samples).Contains(fires, StringComparison.Ordinal)
                            && metrics.IsSubsetOf(MetricNames.In(one.Test.GetProperty("input_series").GetRawText()))),
                $"{alert.Name} is silent in no unit test that has its metrics.");
        }
    }

    [Fact]
    public void Each_alert_says_how_bad_it_is_what_has_happened_and_what_to_do() => Assert.All(Alerts, static alert =>
    {
        Assert.StartsWith("KafkaCache", alert.Name, StringComparison.Ordinal);
        Assert.Contains(alert.Labels.GetProperty("severity").GetString(), (string[])["warning", "critical"]);
        Assert.False(string.IsNullOrWhiteSpace(alert.Annotation("summary")), "summary");
        Assert.False(string.IsNullOrWhiteSpace(alert.Annotation("description")), "description");
    });

    [Fact]
    public void Each_alert_links_to_its_heading_in_the_runbook()
    {
        var anchors = Heading()
            .Matches(DeployFiles.Doc("operations.md"))
            .Select(static heading => Anchor(heading.Groups["text"].Value))
            .ToHashSet(StringComparer.Ordinal);

        Assert.All(Alerts, alert =>
        {
            var link = alert.Annotation("runbook_url")!;
            Assert.Equal($"docs/operations.md#{Anchor(alert.Name)}", link);
            Assert.Contains(link.Split('#')[1], anchors);
        });
    }

    [Fact]
    public void Each_alert_is_documented_with_its_severity_and_none_that_is_not_there()
    {
        var documented = AlertRow()
            .Matches(DeployFiles.Doc("monitoring.md"))
            .Select(static row => (row.Groups["name"].Value, row.Groups["severity"].Value));

        Assert.Equal(Alerts.Select(static alert => (alert.Name, alert.Labels.GetProperty("severity").GetString()!)), documented);
    }

    // The serializer writes a quote within a string in one of two forms.
    private static string Unescaped(string json) => json.Replace("\\u0022", "\\\"", StringComparison.Ordinal);

    // Creates the anchor of a heading in the same way as GitHub.
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^#+ (?<text>.+?)\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(
        @"^\| `(?<name>KafkaCache\w+)` \| (?<severity>\w+) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex AlertRow();
}
