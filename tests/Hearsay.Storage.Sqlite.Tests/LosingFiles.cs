using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Hearsay.Storage.Sqlite.Tests;

/// <summary>
/// Files under SQLite that know what was synced: it stands between SQLite and the operating system and remembers, for
/// each file, its content at the last sync and every write since. A crash keeps any of these writes and loses the
/// others, as a disk does.
/// </summary>
internal static unsafe class LosingFiles
{
    /// <summary>The name of the VFS.</summary>
    public const string Name = "losing";

    /// <summary>The name of one that does not sync the WAL, as with <c>synchronous=NORMAL</c>.</summary>
    public const string NameWithoutWalSync = "losing-wal";

    private static readonly ConcurrentDictionary<nint, Tracked> s_files = new();
    private static readonly ConcurrentDictionary<nint, nint> s_methods = new();
    private static readonly Lock s_gate = new();
    private static Vfs* s_system;
    private static nint s_lazy;

    /// <summary>Registers both; once.</summary>
    public static void Register()
    {
        lock (s_gate)
        {
            if (s_system is not null)
            {
                return;
            }

            new SqliteConnection("Data Source=:memory:").Dispose();
            s_system = (Vfs*)sqlite3_vfs_find(0);
            Register(Name);
            s_lazy = Register(NameWithoutWalSync);
        }
    }

    /// <summary>The files of a directory as they may be after a crash now.</summary>
    public static void Crash(string from, string to, Random random)
    {
        lock (s_gate)
        {
            foreach (var file in s_files.Values.Where(file => Path.GetDirectoryName(file.Path) == from))
            {
                var bytes = file.Synced;
                foreach (var (offset, data) in file.Writes)
                {
                    if (random.Next(2) == 0)
                    {
                        var length = (int)(data is null ? offset : Math.Max(bytes.Length, offset + data.Length));
                        Array.Resize(ref bytes, length);
                        data?.CopyTo(bytes, offset);
                    }
                }

                File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file.Path)), bytes);
            }
        }
    }

    /// <summary>How often the file at a path was synced since it was opened.</summary>
    public static int SyncsOf(string path)
    {
        lock (s_gate)
        {
            return s_files.Values.Where(file => file.Path == path).Sum(static file => file.Syncs);
        }
    }

    private static nint Register(string name)
    {
        var copy = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *copy = *s_system;
        copy->Name = Marshal.StringToCoTaskMemUTF8(name);
        copy->Open = &Open;
        Assert.Equal(0, sqlite3_vfs_register((nint)copy, 0));
        return (nint)copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, FileHandle* file, int flags, int* outFlags)
    {
        var code = s_system->Open(vfs, name, file, flags, outFlags);
        if (code != 0 || name is null || file->Methods is null)
        {
            return code;
        }

        var path = Marshal.PtrToStringUTF8((nint)name)!;
        var skips = (nint)vfs == s_lazy && path.EndsWith("-wal", StringComparison.Ordinal);
        s_files[(nint)file] = new Tracked(path, (nint)file->Methods, skips) { Synced = Bytes(path) };
        file->Methods = (Methods*)s_methods.GetOrAdd((nint)file->Methods, static original =>
        {
            var copy = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
            *copy = *(Methods*)original;
            copy->Write = &Write;
            copy->Truncate = &Truncate;
            copy->Sync = &Sync;
            copy->Close = &Close;

            // What is mapped is written without a call: version 2 has no such access.
            copy->Version = Math.Min(copy->Version, 2);
            return (nint)copy;
        });
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(FileHandle* file, byte* data, int count, long offset)
    {
        var tracked = s_files[(nint)file];
        lock (s_gate)
        {
            var code = tracked.Original->Write(file, data, count, offset);
            tracked.Writes.Add((offset, new ReadOnlySpan<byte>(data, count).ToArray()));
            return code;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(FileHandle* file, long size)
    {
        var tracked = s_files[(nint)file];
        lock (s_gate)
        {
            tracked.Writes.Add((size, null));
            return tracked.Original->Truncate(file, size);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(FileHandle* file, int flags)
    {
        var tracked = s_files[(nint)file];
        lock (s_gate)
        {
            tracked.Syncs++;

            // The files of a test are thrown away: nobody has to wait for the real disk.
            if (!tracked.SkipsSync)
            {
                tracked.Synced = Bytes(tracked.Path);
                tracked.Writes.Clear();
            }

            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(FileHandle* file)
    {
        s_files.TryRemove((nint)file, out var tracked);
        return tracked!.Original->Close(file);
    }

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern nint sqlite3_vfs_find(nint name);

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_vfs_register(nint vfs, int makeDefault);

    private sealed class Tracked(string path, nint original, bool skipsSync)
    {
        public string Path { get; } = path;

        public Methods* Original { get; } = (Methods*)original;

        public bool SkipsSync { get; } = skipsSync;

        public byte[] Synced { get; set; } = [];

        public int Syncs { get; set; }

        /// <summary>Writes since the last sync; without bytes the file was cut.</summary>
        public List<(long Offset, byte[]? Data)> Writes { get; } = [];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileHandle
    {
        public Methods* Methods;
    }

    /// <summary>sqlite3_vfs, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileBytes;
        public int LongestPath;
        public nint Next;
        public nint Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, FileHandle*, int, int*, int> Open;
        private fixed long _others[15];
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<FileHandle*, int> Close;
        public nint Read;
        public delegate* unmanaged[Cdecl]<FileHandle*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<FileHandle*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<FileHandle*, int, int> Sync;
        private fixed long _others[13];
    }
}
