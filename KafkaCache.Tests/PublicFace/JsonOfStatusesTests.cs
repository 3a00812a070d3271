using System.Text.Json;
using KafkaCaching.Jobs;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.PublicFace;

/// <summary>The JSON of statuses with the serializer's defaults, as in an application's own endpoint.</summary>
public sealed class JsonOfStatusesTests
{
    public static TheoryData<object, string> Names => new()
    {
        { CachePhase.Rebuilding, "Rebuilding" },
        { ColdStartReason.Damaged, "Damaged" },
        { RecordErrorReason.TooLarge, "TooLarge" },
        { RecordSourceKind.Consume, "Consume" },
        { JobRunOutcome.Succeeded, "Succeeded" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_is_its_name_and_was_a_number_once(object state, string name)
    {
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(state));
        Assert.Equal(state, JsonSerializer.Deserialize($"\"{name}\"", state.GetType()));
        Assert.Equal(state, JsonSerializer.Deserialize($"{(int)state}", state.GetType()));
    }

    [Fact]
    public void A_line_of_a_job_has_its_level_by_name()
    {
        var line = new JobLogLine("import", "1", "here", LogLevel.Warning, DateTimeOffset.UnixEpoch, "slow", Exception: null);
        Assert.Contains("\"Warning\"", JsonSerializer.Serialize(line), StringComparison.Ordinal);
    }
}
