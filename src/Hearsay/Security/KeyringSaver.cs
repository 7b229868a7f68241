namespace Hearsay.Security;

/// <summary>
/// Writes the keyring of a node to its file when it has changed, off the event loop. What the file holds by then is
/// taken in too, and a file that the operator has replaced by another ring is left alone.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="clock">The wall clock, in seconds since 1970.</param>
/// <param name="failed">Told when it could not be written.</param>
internal sealed class KeyringSaver(string path, Func<ulong> clock, Action<Exception> failed)
{
    private readonly Lock _gate = new();

    /// <summary>Stores a ring soon; any thread.</summary>
    public void Save(Keyring ring) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => work.Saver.Write(work.Ring), (Saver: this, Ring: ring), preferLocal: false);

    private void Write(Keyring ring)
    {
        lock (_gate)
        {
            try
            {
                Merge(path, ring, clock());
            }
            catch (IOException error)
            {
                failed(error);
            }
        }
    }

    /// <summary>Puts the union of a ring and of what a file holds into the file.</summary>
    /// <exception cref="IOException">It cannot be read or written, or holds another ring.</exception>
    public static void Merge(string path, Keyring ring, ulong now)
    {
        var text = SecretFile.Read(path, Keyring.MaximumCharacters);
        if (!Keyring.TryParse(text, out var stored, out _) || !stored!.IsOf(ring))
        {
            throw new IOException($"'{path}' holds another keyring by now, and is left as it is.");
        }

        var union = stored.With(ring.Keys, now);
        if (union.Digest != stored.Digest)
        {
            SecretFile.Replace(path, union.ToText());
        }
    }
}
