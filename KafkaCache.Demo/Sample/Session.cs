using System.ComponentModel;
using System.Text.Json.Serialization;

namespace KafkaCaching.Demo.Sample;

/// <summary>A user's presence on one device.</summary>
[ImmutableObject(true)]
public sealed record Session(Guid Id, Guid User, SessionType Type, string IpAddress);

/// <summary>What kind of device.</summary>
public enum SessionType
{
    /// <summary>Somebody's own.</summary>
    [JsonStringEnumMemberName("REGULAR")]
    Regular,

    /// <summary>The screen of a meeting room.</summary>
    [JsonStringEnumMemberName("MEETINGSCREEN")]
    MeetingScreen,
}
