using System.Text.Json.Serialization;

namespace KafkaCaching.Jobs;

/// <summary>How a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobRunOutcome>))]
public enum JobRunOutcome
{
    /// <summary>The run is in progress, or its process has died and no later run has begun.</summary>
    Running,

    /// <summary>The run succeeded.</summary>
    Succeeded,

    /// <summary>The run threw an exception.</summary>
    Failed,

    /// <summary>The run was cut off, because the host stopped or the instance lost the leadership.</summary>
    Stopped,

    /// <summary>A later run has begun although this one had not ended: its process has died, or was frozen for longer than its
    /// session.</summary>
    Replaced,
}
