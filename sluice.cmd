@echo off
rem Starts Sluice on Windows: finds a JDK, builds what changed, then runs Java. The file "sluice" says what the variables mean.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"
set "jdk="
set "seen="
set "tool=javac.exe"
if "%SLUICE_NO_BUILD%"=="1" set "tool=java.exe"

rem A path may hold a parenthesis, so nothing with a path stands in a block; or an ampersand, so none stands outside of quotes.
if not defined SLUICE_JAVA_HOME goto search
call :try "%SLUICE_JAVA_HOME:"=%"
if defined jdk goto found
setlocal EnableDelayedExpansion
echo sluice: SLUICE_JAVA_HOME is !SLUICE_JAVA_HOME!, expected: the home of a JDK 25 or newer.!seen!>&2
exit /b 1

:search
if defined JAVA_HOME call :try "%JAVA_HOME:"=%"
if defined jdk goto found
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :try "%%~dp$PATH:J.."
if defined jdk goto found
for %%D in ("Eclipse Adoptium" Java Microsoft Zulu "Amazon Corretto" BellSoft OpenJDK SapMachine\JDK) do call :in "%ProgramFiles%\%%~D"
call :in "%LOCALAPPDATA%\Programs\Eclipse Adoptium"
call :in "%USERPROFILE%\.jdks"
call :in "%USERPROFILE%\.gradle\jdks"
call :in "%USERPROFILE%\scoop\apps"
call :in "%LOCALAPPDATA%\mise\installs\java"
if defined jdk goto found
setlocal EnableDelayedExpansion
echo sluice needs a JDK 25 or newer.!seen!>&2
echo Install one, then run this again:>&2
echo     winget install EclipseAdoptium.Temurin.25.JDK>&2
echo A JDK elsewhere is named by SLUICE_JAVA_HOME.>&2
exit /b 1

:found
set "key=%root% %jdk% %version%"
if "%SLUICE_NO_BUILD%"=="1" goto built
"%jdk%\bin\java" -XX:TieredStopAtLevel=1 "%root%\tools\App.java" "%root%" "%key%"
rem A process that was ended from outside has a negative code.
if not "%ERRORLEVEL%"=="0" exit /b 1

:built
set "id="
if exist "%root%\target\run\current" set /p id=<"%root%\target\run\current"
set "app=%root%\target\run\%id%"
if defined id if exist "%app%\sluice.jar" goto run
echo sluice: nothing is built yet; run without SLUICE_NO_BUILD>&2
exit /b 1

:run
set "made="
if exist "%app%\cache.key" set /p made=<"%app%\cache.key"
set "cache="
if exist "%app%\sluice.aot" if "%made%"=="%key%" set cache="-XX:AOTCache=%app%\sluice.aot"
"%jdk%\bin\java" "@%root%\tools\jvm.options" %cache% -Xlog:aot=off -Xlog:cds=off %SLUICE_JAVA_OPTS% -cp "%app%\sluice.jar" dev.sluice.cli.Main %*
exit /b %ERRORLEVEL%

rem Tries what lies in the folder %1.
:in
if not exist "%~1" goto :eof
for /f "delims=" %%H in ('dir /b /ad "%~1" 2^>nul') do call :try "%~1\%%H"
for /f "delims=" %%H in ('dir /b /ad "%~1" 2^>nul') do call :try "%~1\%%H\current"
goto :eof

rem Sets jdk to the folder %1 when it is a JDK of 25 or newer, which its release file tells; the first one stays. Without a build
rem a runtime is enough.
:try
if defined jdk goto :eof
if not exist "%~f1\bin\%tool%" goto :eof
if not exist "%~f1\release" goto :eof
set "version="
for /f "usebackq tokens=1,2 delims==" %%A in ("%~f1\release") do if "%%A"=="JAVA_VERSION" set "version=%%~B"
if not defined version goto :eof
for /f "delims=.-+" %%V in ("%version%") do set "feature=%%V"
if %feature% geq 25 set "jdk=%~f1"
if %feature% lss 25 set "seen= Found only Java %feature% (%~f1)."
goto :eof
