using System.ComponentModel;
using System.Text.Json.Serialization;

namespace KafkaCaching.Demo.Sample;

/// <summary>An organization, to which users belong. It is immutable, so the cache returns the same instance to every reader.</summary>
[ImmutableObject(true)]
public sealed record Organization(Guid Id, string Name);

/// <summary>A person. Groups are the IDs of organizations.</summary>
[ImmutableObject(true)]
public sealed record User(Guid Id, string Email, string DisplayName, IReadOnlyList<Guid> Groups);

/// <summary>A user as the body of a <c>PUT</c>: the ID is in the path.</summary>
internal sealed record UserBody(string Email, string DisplayName, IReadOnlyList<Guid> Groups);

/// <summary>A user's presence on one device.</summary>
[ImmutableObject(true)]
public sealed record Session(Guid Id, Guid User, SessionType Type, string IpAddress);

/// <summary>A session joined with its user.</summary>
internal sealed record SessionView(Guid Id, SessionType Type, string IpAddress, Guid UserId, SessionUser? User)
{
    public static SessionView Of(Session session, User? user, IReadOnlyList<Organization> organizations) => new(
        session.Id, session.Type, session.IpAddress, session.User,
        user is null ? null : new SessionUser(user.Email, user.DisplayName, [.. organizations.Select(one => one.Name)]));
}

/// <summary>The user of a session, with the names of the organizations.</summary>
internal sealed record SessionUser(string Email, string DisplayName, IReadOnlyList<string> Organizations);

/// <summary>The kinds of devices.</summary>
public enum SessionType
{
    /// <summary>A personal device.</summary>
    [JsonStringEnumMemberName("REGULAR")]
    Regular,

    /// <summary>The screen of a meeting room.</summary>
    [JsonStringEnumMemberName("MEETINGSCREEN")]
    MeetingScreen,
}
