package dev.turntable.journal;

/**
 * Whether commits reach the disk.
 *
 * @param degraded commits wait in memory, because the disk has too little room
 * @param freeBytes room on the disk now
 * @param floorBytes room that is always left
 * @param lostCommits commits that were never written because the wait was too long; only when it has just ended
 */
public record JournalHealth(boolean degraded, long freeBytes, long floorBytes, long lostCommits) {}
