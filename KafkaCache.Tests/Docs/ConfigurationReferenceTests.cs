using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Docs;

public sealed class ConfigurationReferenceTests
{
    private const string WriteVariable = "KAFKACACHE_WRITE_DOCS";

    [Fact]
    public async Task Reference_is_what_the_options_say_of_themselves()
    {
        var file = Path.Combine(Repository.Root, "docs", "configuration.md");
        if (Environment.GetEnvironmentVariable(WriteVariable) is "1")
        {
            await File.WriteAllTextAsync(file, ConfigurationReference.Text, TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) == ConfigurationReference.Text,
            $"docs/configuration.md is not what the options say. Write it anew and commit it: {WriteVariable}=1 ./test.sh --filter "
            + $"{nameof(ConfigurationReferenceTests)}");
    }
}
