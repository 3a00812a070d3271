namespace KafkaCaching;

/// <summary>Listens to the meter or the activity source of caches from when it is made, as an exporter of metrics does. A container makes
/// all the listeners that it has before it starts its first cache, so that they miss nothing.</summary>
public interface ICacheListener;
