namespace KafkaCaching.AspNetCore.Watch;

/// <summary>The data of the event <c>ready</c>.</summary>
/// <param name="Resumed">Whether the stream continues after the client's last event. If not, the initial content before this event is
/// complete, even if it is empty, and the client must forget all other keys.</param>
internal sealed record WatchReady(bool Resumed);
