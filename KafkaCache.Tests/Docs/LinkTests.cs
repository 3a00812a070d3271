using System.Text.RegularExpressions;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Docs;

/// <summary>Links between pages of the documentation, including their headings.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_within_the_documentation_leads_to_a_file_and_a_heading_that_are_there()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md"))
            .ToList();
        var broken = new List<string>();
        var followed = 0;
        foreach (var page in pages)
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                followed++;
                if (!Leads(page, link.Groups["file"].Value, link.Groups["heading"].Value))
                    broken.Add($"{Path.GetFileName(page)}: {link.Value}");
            }
        }

        Assert.Empty(broken);
        Assert.True(followed > 30, $"{followed} links were found.");
    }

    private static bool Leads(string page, string file, string heading)
    {
        var target = file.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, file));
        return (File.Exists(target) || Directory.Exists(target))
            && (heading.Length == 0 || Headings(target).Contains(heading, StringComparer.Ordinal));
    }

    // Creates the anchors of headings in the same way as common Markdown viewers.
    private static IEnumerable<string> Headings(string page) => Heading()
        .Matches(File.ReadAllText(page))
        .Select(static heading => Dropped().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(
        @"\]\((?!https?:|mailto:)(?<file>[^)#\s]*)(#(?<heading>[^)\s]+))?\)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Dropped();
}
